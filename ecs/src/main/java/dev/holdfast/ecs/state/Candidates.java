// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.JoinedHost;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.InstanceFacts;
import dev.holdfast.ecs.plan.Placement;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The instances of a cluster that may take tasks, the platform's own hosts among them: these are
 * offered to every cluster, and become instances of it when a task is first placed there.
 */
public final class Candidates {
  private final Map<String, ContainerInstance> instances = new LinkedHashMap<>();
  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final Map<String, InstanceFacts> facts = new HashMap<>();
  private final Connections connections;

  private Candidates(Connections connections) {
    this.connections = connections;
  }

  /** What new instances of the platform's own hosts need. */
  public record Local(LocalHost facts, Connections connections, String freshId, Instant now) {}

  public static Candidates of(View view, Cluster.Key cluster, Local local) {
    var candidates = new Candidates(local.connections());
    Set<String> known = new HashSet<>();
    for (ContainerInstance instance :
        view.list(
            EcsTables.INSTANCES, cluster.account(), cluster.region().name(), cluster.name())) {
      if (instance.offered() && instance.status() != ContainerInstance.Status.INACTIVE) {
        known.add(instance.host());
      }
      Host host = Hosts.of(view, instance, local.facts());
      if (instance.status() == ContainerInstance.Status.ACTIVE && host != null) {
        candidates.add(view, instance, host, local);
      }
    }
    if (!known.contains(Host.LOCAL)) {
      Host host = Hosts.local(view, local.facts());
      candidates.add(view, fresh(cluster, local, host, local.freshId()), host, local);
    }
    for (JoinedHost joined : view.list(EcsTables.JOINED_HOSTS, Table.PLATFORM)) {
      Host host = view.get(EcsTables.HOSTS, Table.PLATFORM, joined.id());
      if (host != null && !joined.draining() && !known.contains(joined.id())) {
        String id = of(local.freshId(), joined.id());
        candidates.add(view, fresh(cluster, local, host, id), host, local);
      }
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
            .peer(Hosts.stream(instance))
            .orElse(new Connections.Peer(null, null));
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
  private static String of(String drawn, String host) {
    byte[] hash = Hashes.sha256((drawn + " " + host).getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(hash, 0, 16);
  }

  private static ContainerInstance fresh(
      Cluster.Key cluster, Local local, Host host, String id) {
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
            cluster.account(), cluster.region(), cluster.name(), id),
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
                    connections.connected(Hosts.stream(instance)),
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
