// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.InstanceFacts;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.store.View;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What placement knows of an instance. The platform's own hosts are offered to every cluster, and
 * become instances of it when a task is first placed there.
 */
public final class Candidates {
  private Candidates() {}

  /** What new instances of the platform's own hosts need. */
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
        local.connections().peer(Hosts.stream(instance)).orElse(new Connections.Peer(null, null));
    return new InstanceFacts(
        Hosts.name(view, instance, local.facts()),
        instance.attributes(),
        peer.agentVersion(),
        instance.registeredAt(),
        running,
        groups,
        peer.grants());
  }

  /** Another id for each host, out of the one that was drawn. */
  private static String id(String drawn, Host host) {
    if (host.id().equals(Host.LOCAL)) {
      return drawn;
    }
    byte[] hash = Hashes.sha256((drawn + " " + host.id()).getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(hash, 0, 16);
  }

  /** A host of the platform's own as a new instance of a cluster. */
  public static ContainerInstance fresh(Cluster.Key cluster, Local local, Host host) {
    var architecture =
        JsonObject.EMPTY
            .with("name", "ecs.cpu-architecture")
            .with("value", host.architecture().equals("ARM64") ? "arm64" : "x86_64");
    var system = JsonObject.EMPTY.with("name", "ecs.os-type").with("value", "linux");
    var zone =
        JsonObject.EMPTY
            .with("name", "ecs.availability-zone")
            .with("value", cluster.region().name() + "a");
    return new ContainerInstance(
        new ContainerInstance.Key(
            cluster.account(), cluster.region(), cluster.name(), id(local.freshId(), host)),
        host.id(),
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
