// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.InstanceFacts;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.store.View;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What placement knows of an instance. The local host is offered to every cluster, and becomes an
 * instance of it when a task is first placed there.
 */
public final class Candidates {
  private Candidates() {}

  /** What a new instance of the local host needs. */
  public record Local(LocalHost facts, Connections connections, String freshId, Instant now) {}

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

  /** The local host as a new instance of a cluster. */
  static ContainerInstance fresh(Cluster.Key cluster, Local local) {
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
}
