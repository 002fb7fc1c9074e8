// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.daily;

import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.JoinedHost;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceRevision;
import dev.holdfast.ecs.model.StoppedTask;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.Diagnosis;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.Hosts;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How the installation stands, of one state. */
final class Standing {
  /** So many clusters, services and hosts are named; the numbers are of all. */
  private static final int MOST = 200;

  /** A single task that failed is spoken of for so long. */
  private static final Duration LATELY = Duration.ofMinutes(15);

  private static final int FAILURES = 5;

  private final View view;
  private final LocalHost local;
  private final Connections connections;
  private final Function<String, String> hostNames;
  private final Instant now;
  private final Map<String, Integer> onHosts = new HashMap<>();
  private final Map<Cluster.Key, Count> inClusters = new HashMap<>();
  private final List<Diagnosis.Waiting> waiting = new ArrayList<>();
  private final Map<Service.Key, StoppedTask> ended = new HashMap<>();

  /** The newest, of which the oldest comes first. */
  private final PriorityQueue<StoppedTask> failures =
      new PriorityQueue<>(Comparator.comparing((StoppedTask t) -> t.key().stoppedAt()));

  /** Tasks of a cluster. */
  private record Count(int running, int pending) {
    static final Count NONE = new Count(0, 0);

    Count and(Count other) {
      return new Count(running + other.running, pending + other.pending);
    }
  }

  Standing(
      View view,
      LocalHost local,
      Connections connections,
      Function<String, String> hostNames,
      Instant now) {
    this.view = view;
    this.local = local;
    this.connections = connections;
    this.hostNames = hostNames;
    this.now = now;
    view.each(EcsTables.TASKS, this::look);
  }

  private void look(Task task) {
    if (task.live()) {
      count(task);
      return;
    }
    Instant at = task.status().times().stoppedAt();
    var past = StoppedTask.of(task, at == null ? now : at);
    if (!Diagnosis.byItself(past) && !unhealthy(past)) {
      return;
    }
    var service = Services.named(task);
    if (service.isPresent()) {
      ended.merge(
          service.get(), past, (a, b) -> a.key().stoppedAt().isAfter(b.key().stoppedAt()) ? a : b);
    } else if (past.key().stoppedAt().plus(LATELY).isAfter(now)) {
      failures.add(past);
      if (failures.size() > FAILURES) {
        failures.remove();
      }
    }
  }

  /** There may be very many that live: they are counted, and not kept. */
  private void count(Task task) {
    TaskStatus.Last last = task.status().lastStatus();
    onHosts.merge(task.place().host(), 1, Integer::sum);
    inClusters.merge(
        task.key().clusterKey(),
        last == TaskStatus.Last.RUNNING ? new Count(1, 0) : new Count(0, 1),
        Count::and);
    if (task.wanted() && last.compareTo(TaskStatus.Last.RUNNING) < 0) {
      waiting.add(
          new Diagnosis.Waiting(
              task.key().cluster(),
              task.key().id(),
              task.status().times().createdAt(),
              task.status().times().pullStartedAt() != null));
    }
  }

  private static boolean unhealthy(StoppedTask task) {
    return String.valueOf(task.reason()).contains("health check");
  }

  /**
   * The document.
   *
   * @param agentTrouble why tasks cannot run on this machine; empty where they can
   */
  JsonObject document(String agentTrouble) {
    var services = new ArrayList<JsonValue>();
    var facts = new ArrayList<Diagnosis.ServiceFacts>();
    for (Service service : view.all(EcsTables.SERVICES)) {
      if (service.status() != Service.Status.INACTIVE) {
        Services.Count count =
            Services.counts(view, service.key()).values().stream()
                .reduce(Services.Count.NONE, Services.Count::and);
        if (services.size() < MOST) {
          services.add(service(service, count));
        }
        facts.add(facts(service, count));
      }
    }
    List<Seen> hosts = hosts();
    List<Diagnosis.Finding> findings =
        Diagnosis.of(
            new Diagnosis.Facts(
                facts,
                hosts.stream()
                    .map(
                        h ->
                            new Diagnosis.HostFacts(
                                hostNames.apply(h.host().id()),
                                h.host().id().equals(Host.LOCAL),
                                h.connected(),
                                onHosts.getOrDefault(h.host().id(), 0)))
                    // What keeps this machine from running tasks is told in its own words.
                    .filter(h -> !h.local() || agentTrouble.isEmpty())
                    .toList(),
                failures.stream().sorted(failures.comparator().reversed()).toList(),
                waiting,
                now));
    return JsonObject.EMPTY
        .with("tasks", onHosts.values().stream().mapToInt(Integer::intValue).sum())
        .with("clusters", clusters())
        .with("services", new JsonArray(services))
        .with("hosts", new JsonArray(hosts.stream().map(h -> (JsonValue) shown(h)).toList()))
        .with("findings", new JsonArray(findings.stream().map(f -> (JsonValue) shown(f)).toList()));
  }

  private JsonArray clusters() {
    var all = new ArrayList<JsonValue>();
    for (Cluster cluster : view.all(EcsTables.CLUSTERS)) {
      if (cluster.status() == Cluster.Status.ACTIVE && all.size() < MOST) {
        Count count = inClusters.getOrDefault(cluster.key(), Count.NONE);
        all.add(
            JsonObject.EMPTY
                .with("cluster", cluster.key().name())
                .with("account", cluster.key().account().digits())
                .with("region", cluster.key().region().name())
                .with("running", count.running())
                .with("pending", count.pending())
                .with("services", Services.active(view, cluster.key())));
      }
    }
    return new JsonArray(all);
  }

  private JsonObject service(Service service, Services.Count count) {
    Service.Rollout primary = service.primary();
    JsonObject row =
        JsonObject.EMPTY
            .with("service", service.key().name())
            .with("cluster", service.key().cluster())
            .with("account", service.key().account().digits())
            .with("region", service.key().region().name())
            .with("status", service.status().name())
            .with("desired", desired(service, count))
            .with("running", count.running())
            .with("pending", count.pending())
            .with("steady", service.progress().steady());
    if (primary == null) {
      return row;
    }
    Services.Count fresh =
        Services.counts(view, service.key()).getOrDefault(primary.id(), Services.Count.NONE);
    row =
        row.with("deployment", primary.deployment())
            .with("rollout", primary.state().name())
            .with("rolloutReason", primary.reason())
            .with("failedTasks", primary.failedTasks())
            .with("updated", fresh.running());
    String definition = definition(service, primary.id());
    return definition == null ? row : row.with("definition", definition);
  }

  private static int desired(Service service, Services.Count count) {
    return service.settings().daemon() ? count.wanted() : service.desiredCount();
  }

  private @Nullable String definition(Service service, String revision) {
    ServiceRevision row = Services.revision(view, service.key(), revision);
    return row == null ? null : row.definition().family() + ":" + row.definition().revision();
  }

  private Diagnosis.ServiceFacts facts(Service service, Services.Count count) {
    Service.Rollout primary = service.primary();
    Service.Progress progress = service.progress();
    String good = progress.lastGood();
    StoppedTask last = ended.get(service.key());
    boolean old = last != null && primary != null && last.createdAt().isBefore(primary.createdAt());
    return new Diagnosis.ServiceFacts(
        service.key().cluster(),
        service.key().name(),
        desired(service, count),
        count.running(),
        primary != null && primary.state() == Service.RolloutState.IN_PROGRESS,
        primary != null && primary.state() == Service.RolloutState.FAILED,
        primary == null ? 0 : primary.failedTasks(),
        progress.trouble(),
        progress.retryAt(),
        good == null || primary == null || good.equals(primary.id())
            ? null
            : definition(service, good),
        old ? null : last);
  }

  private record Seen(Host host, boolean connected, boolean draining, TreeSet<String> clusters) {}

  private List<Seen> hosts() {
    var seen = new LinkedHashMap<String, Seen>();
    seen.put(
        Host.LOCAL,
        new Seen(
            Hosts.local(view, local),
            connections.connected(Connections.LOCAL_HOST),
            false,
            new TreeSet<>()));
    for (JoinedHost joined : view.list(EcsTables.JOINED_HOSTS, Table.PLATFORM)) {
      Host host = view.get(EcsTables.HOSTS, Table.PLATFORM, joined.id());
      if (host != null && seen.size() < MOST) {
        boolean listens = connections.connected(Connections.host(joined.id()));
        seen.put(host.id(), new Seen(host, listens, joined.draining(), new TreeSet<>()));
      }
    }
    for (ContainerInstance row : view.all(EcsTables.INSTANCES)) {
      if (row.status() == ContainerInstance.Status.INACTIVE) {
        continue;
      }
      Seen known = seen.get(row.host());
      if (known == null && seen.size() < MOST) {
        Host host = view.get(EcsTables.HOSTS, Table.PLATFORM, row.host());
        if (host != null) {
          boolean listens = connections.connected(Hosts.stream(row));
          known = new Seen(host, listens, false, new TreeSet<>());
        }
      }
      if (known != null) {
        known.clusters().add(row.key().cluster());
        boolean drains = row.status() == ContainerInstance.Status.DRAINING;
        seen.put(
            row.host(),
            new Seen(
                known.host(), known.connected(), known.draining() || drains, known.clusters()));
      }
    }
    return List.copyOf(seen.values());
  }

  private JsonObject shown(Seen seen) {
    Host host = seen.host();
    return JsonObject.EMPTY
        .with("host", hostNames.apply(host.id()))
        .with("local", host.id().equals(Host.LOCAL))
        .with("connected", seen.connected())
        .with("draining", seen.draining())
        .with("tasks", onHosts.getOrDefault(host.id(), 0))
        .with("cpu", host.cpu())
        .with("cpuBooked", host.usedCpu())
        .with("memoryMiB", host.memory())
        .with("memoryBookedMiB", host.usedMemory())
        .with("clusters", JsonArray.ofStrings(seen.clusters()));
  }

  private static JsonObject shown(Diagnosis.Finding finding) {
    return JsonObject.EMPTY
        .with("where", finding.where())
        .with("wrong", finding.wrong())
        .with("command", finding.command());
  }
}
