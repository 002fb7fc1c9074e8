// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.ecs.Attribute;
import dev.holdfast.aws.ecs.ContainerInstance;
import dev.holdfast.aws.ecs.Resource;
import dev.holdfast.aws.ecs.Tag;
import dev.holdfast.aws.ecs.VersionInfo;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.Hosts;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.kit.Json;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Container instances as AWS's shapes. */
record InstanceWire(Connections connections, LocalHost host) {

  ContainerInstance instance(
      View view, dev.holdfast.ecs.model.ContainerInstance row, List<Tag> tags) {
    Host booked = Hosts.of(view, row, host);
    List<Task> tasks = Tasks.on(view, row.key());
    String stream = Hosts.stream(row);
    var said =
        (ContainerInstance) JsonCodec.read(ContainerInstance.SCHEMA, Json.bytes(row.document()));
    VersionInfo version =
        connections
            .peer(stream)
            .map(
                p ->
                    VersionInfo.builder()
                        .agentVersion(p.agentVersion())
                        .dockerVersion(p.dockerVersion())
                        .build())
            .orElse(said.versionInfo());
    return ContainerInstance.builder()
        .containerInstanceArn(row.key().arn().toString())
        .ec2InstanceId(Hosts.name(view, row, host))
        .version(row.version())
        .versionInfo(version)
        .registeredResources(booked == null ? List.of() : registered(booked))
        .remainingResources(booked == null ? List.of() : remaining(booked))
        .status(row.status().name())
        .agentConnected(connections.connected(stream))
        .runningTasksCount(count(tasks, TaskStatus.Last.RUNNING))
        .pendingTasksCount(count(tasks, TaskStatus.Last.PENDING))
        .attributes(attributes(row, said.attributes()))
        .registeredAt(row.registeredAt())
        .attachments(List.of())
        .tags(tags)
        .build();
  }

  private static List<Attribute> attributes(
      dev.holdfast.ecs.model.ContainerInstance row, List<Attribute> said) {
    var all = new ArrayList<>(said);
    row.custom()
        .forEach(
            (name, value) ->
                all.add(
                    Attribute.builder().name(name).value(value.isEmpty() ? null : value).build()));
    return all;
  }

  private static int count(List<Task> tasks, TaskStatus.Last status) {
    return (int) tasks.stream().filter(t -> t.status().lastStatus() == status).count();
  }

  private static List<Resource> registered(Host host) {
    return List.of(
        number("CPU", host.cpu()),
        number("MEMORY", host.memory()),
        ports("PORTS", host.reservedTcp()),
        ports("PORTS_UDP", host.reservedUdp()));
  }

  private static List<Resource> remaining(Host host) {
    return List.of(
        number("CPU", host.cpu() - host.usedCpu()),
        number("MEMORY", host.memory() - host.usedMemory()),
        ports("PORTS", host.tcp()),
        ports("PORTS_UDP", host.udp()));
  }

  private static Resource number(String name, int value) {
    return Resource.builder()
        .name(name)
        .type("INTEGER")
        .doubleValue(0.0)
        .longValue(0L)
        .integerValue(value)
        .build();
  }

  private static Resource ports(String name, List<Integer> ports) {
    return Resource.builder()
        .name(name)
        .type("STRINGSET")
        .doubleValue(0.0)
        .longValue(0L)
        .integerValue(0)
        .stringSetValue(
            ports.isEmpty()
                ? Collections.emptyList()
                : ports.stream().sorted().map(String::valueOf).toList())
        .build();
  }
}
