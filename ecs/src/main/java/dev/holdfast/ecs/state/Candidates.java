// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.InstanceFacts;
import dev.holdfast.ecs.plan.Placement;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The instances of a cluster that may take tasks, the local host among them: it is offered to every
 * cluster, and becomes an instance of it when a task is first placed there.
 */
public final class Candidates {
  private final Map<String, ContainerInstance> instances = new LinkedHashMap<>();
  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final Map<String, InstanceFacts> facts = new HashMap<>();
  private final Connections connections;

  private Candidates(Connections connections) {
    this.connections = connections;
  }

  /** What a new instance of the local host needs. */
  public record Local(LocalHost facts, Connections connections, String freshId, Instant now) {}

  public static Candidates of(View view, Cluster.Key cluster, Local local) {
    var candidates = new Candidates(local.connections());
    boolean known = false;
    for (ContainerInstance instance :
        view.list(
            EcsTables.INSTANCES, cluster.account(), cluster.region().name(), cluster.name())) {
      known |= instance.local() && instance.status() != ContainerInstance.Status.INACTIVE;
      Host host =
          instance.local()
              ? Hosts.local(view, local.facts())
              : view.get(EcsTables.HOSTS, Table.PLATFORM, instance.host());
      if (instance.status() == ContainerInstance.Status.ACTIVE && host != null) {
        candidates.add(view, instance, host, local);
      }
    }
    if (!known) {
      candidates.add(view, fresh(cluster, local), Hosts.local(view, local.facts()), local);
    }
    return candidates;
  }

  private void add(View view, ContainerInstance instance, Host host, Local local) {
    String arn = instance.key().arn().toString();
    instances.put(arn, instance);
    hosts.put(host.id(), host);
    facts.put(arn, facts(view, instance, local));
  }

  /** What constraints can ask of an instance. */
  public static InstanceFacts facts(View view, ContainerInstance instance, Local local) {
    Map<String, Integer> groups = new HashMap<>();
    int running = 0;
    for (Task task : Tasks.on(view, instance.key())) {
      if (task.live()) {
        groups.merge(task.launch().group(), 1, Integer::sum);
        running += task.status().lastStatus() == TaskStatus.Last.RUNNING ? 1 : 0;
      }
    }
    Connections.Peer peer =
        local
            .connections()
            .peer(instance.local() ? Connections.LOCAL_HOST : instance.key().arn().toString())
            .orElse(new Connections.Peer(null, null));
    return new InstanceFacts(
        instance.local() ? local.facts().name() : instance.key().id(),
        instance.attributes(),
        peer.agentVersion(),
        instance.registeredAt(),
        running,
        groups,
        peer.grants());
  }

  private static ContainerInstance fresh(Cluster.Key cluster, Local local) {
    var architecture =
        JsonObject.EMPTY
            .with("name", "ecs.cpu-architecture")
            .with("value", local.facts().architecture().equals("ARM64") ? "arm64" : "x86_64");
    var system = JsonObject.EMPTY.with("name", "ecs.os-type").with("value", "linux");
    var zone =
        JsonObject.EMPTY
            .with("name", "ecs.availability-zone")
            .with("value", cluster.region().name() + "a");
    return new ContainerInstance(
        new ContainerInstance.Key(
            cluster.account(), cluster.region(), cluster.name(), local.freshId()),
        Host.LOCAL,
        null,
        ContainerInstance.Status.ACTIVE,
        local.now(),
        JsonObject.EMPTY.with(
            "attributes",
            new dev.holdfast.kit.JsonValue.JsonArray(List.of(system, architecture, zone))),
        0,
        1);
  }

  public List<Placement.Candidate> all() {
    var all = new ArrayList<Placement.Candidate>();
    instances.forEach(
        (arn, instance) -> {
          Host host = hosts.get(instance.host());
          if (host != null) {
            all.add(
                new Placement.Candidate(
                    arn,
                    host,
                    connections.connected(instance.local() ? Connections.LOCAL_HOST : arn),
                    facts.getOrDefault(arn, InstanceFacts.NONE)));
          }
        });
    return all;
  }

  /** Keeps what a placement booked for a task of that group, for the next one. */
  public void booked(String arn, Host host, String group) {
    hosts.put(host.id(), host);
    facts.computeIfPresent(arn, (_, known) -> known.with(group));
  }

  public @Nullable ContainerInstance instance(String arn) {
    return instances.get(arn);
  }
}
