// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.plan.Placement;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.time.Instant;
import java.util.ArrayList;
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
        candidates.add(instance, host);
      }
    }
    if (!known) {
      candidates.add(fresh(cluster, local), Hosts.local(view, local.facts()));
    }
    return candidates;
  }

  private void add(ContainerInstance instance, Host host) {
    instances.put(instance.key().arn().toString(), instance);
    hosts.put(host.id(), host);
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
                    connections.connected(instance.local() ? Connections.LOCAL_HOST : arn)));
          }
        });
    return all;
  }

  /** Keeps what a placement booked, for the next one. */
  public void booked(Host host) {
    hosts.put(host.id(), host);
  }

  public @Nullable ContainerInstance instance(String arn) {
    return instances.get(arn);
  }
}
