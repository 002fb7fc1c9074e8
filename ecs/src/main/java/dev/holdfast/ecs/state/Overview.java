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
import dev.holdfast.ecs.plan.Placement.Candidate;
import dev.holdfast.ecs.plan.Roster;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.service.State;
import dev.holdfast.store.Change;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A picture in memory of all instances that may take tasks, brought up to date by what has changed
 * since it was looked at last: among thousands of hosts and tasks a placement reads the rows of the
 * host that it chooses, and no others. It is a hint: whoever takes what it names looks at the rows
 * in their own transaction.
 *
 * <p>The lock guards all of it.
 */
final class Overview implements AutoCloseable, Following.Picture {
  private static final List<Table<?, ?>> TABLES =
      List.of(EcsTables.INSTANCES, EcsTables.HOSTS, EcsTables.JOINED_HOSTS, EcsTables.TASKS);

  private final Following following;
  private final LocalHost local;
  private final Connections connections;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Cluster.Key, Roster> rosters = new HashMap<>();
  private final Map<ContainerInstance.Key, Place> places = new HashMap<>();
  private final Map<String, Set<ContainerInstance.Key>> onHost = new HashMap<>();
  private final Map<String, Host> hosts = new HashMap<>();
  private final Map<String, JoinedHost> joined = new TreeMap<>();
  private final Map<Task.Key, Tenant> tenants = new HashMap<>();

  /** An instance, and how many live tasks of which group it has. */
  private static final class Place {
    private @Nullable ContainerInstance row;
    private Map<String, String> attributes = Map.of();
    private final Map<String, Integer> groups = new HashMap<>();
    private int running;
  }

  /** A live task where it is. */
  private record Tenant(ContainerInstance.Key instance, String group, boolean running) {}

  Overview(State state, LocalHost local, Connections connections) {
    this.following = new Following(state, TABLES);
    this.local = local;
    this.connections = connections;
  }

  /**
   * A cluster's instances.
   *
   * @param offered by ARN, hosts of the platform's own that are no instances of it yet
   */
  record Sight(Roster roster, Map<String, ContainerInstance> offered) {}

  /**
   * Does something with a cluster's instances as they are now, alone. What it changes in them is
   * forgotten afterwards: what was committed comes back by itself.
   *
   * @param fresh makes a host of the platform's own an instance
   */
  <R> R with(
      Cluster.Key cluster, Function<Host, ContainerInstance> fresh, Function<Sight, R> work) {
    lock.lock();
    try {
      following.update(this);
      Roster roster = roster(cluster);
      roster.mark();
      try {
        var offered = new HashMap<String, ContainerInstance>();
        for (Host host : offered(cluster)) {
          JoinedHost one = joined.get(host.id());
          ContainerInstance row = fresh.apply(host);
          row = one == null ? row : row.fresh(one.attributes());
          String arn = row.key().arn().toString();
          offered.put(arn, row);
          roster.put(new Candidate(arn, host, false, facts(row, new Place())));
        }
        return work.apply(new Sight(roster, offered));
      } finally {
        roster.restore();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The instances on a host, those that were taken out of their clusters too. */
  List<ContainerInstance.Key> on(String host) {
    lock.lock();
    try {
      following.update(this);
      return List.copyOf(onHost.getOrDefault(host, Set.of()));
    } finally {
      lock.unlock();
    }
  }

  /** The platform's own hosts that a cluster does not know yet. */
  private List<Host> offered(Cluster.Key cluster) {
    var offered = new ArrayList<Host>();
    if (!known(cluster, Host.LOCAL)) {
      offered.add(hosts.getOrDefault(Host.LOCAL, Hosts.measured(Host.LOCAL, local)));
    }
    for (JoinedHost one : joined.values()) {
      Host host = hosts.get(one.id());
      if (host != null && !one.draining() && one.offeredTo(cluster) && !known(cluster, one.id())) {
        offered.add(host);
      }
    }
    return offered;
  }

  private Roster roster(Cluster.Key cluster) {
    return rosters.computeIfAbsent(cluster, _ -> new Roster(this::now));
  }

  /** Whether a host is an instance of a cluster that nobody has taken out. */
  private boolean known(Cluster.Key cluster, String host) {
    return onHost.getOrDefault(host, Set.of()).stream()
        .filter(key -> key.clusterKey().equals(cluster))
        .map(key -> Objects.requireNonNull(places.get(key)).row)
        .anyMatch(row -> row != null && row.status() != ContainerInstance.Status.INACTIVE);
  }

  /** An agent comes and goes without a row that says so. */
  private Candidate now(Candidate candidate) {
    String id = candidate.host().id();
    boolean ours = id.equals(Host.LOCAL) || joined.containsKey(id);
    String name = ours ? Connections.host(id) : candidate.instance();
    InstanceFacts known = candidate.facts();
    return connections
        .peer(name)
        .map(
            peer ->
                new Candidate(
                    candidate.instance(),
                    candidate.host(),
                    true,
                    new InstanceFacts(
                        known.id(),
                        known.attributes(),
                        peer.agentVersion(),
                        known.registeredAt(),
                        known.running(),
                        known.groups(),
                        peer.grants()),
                    candidate.freeCpu(),
                    candidate.freeMemory()))
        .orElse(candidate);
  }

  @Override
  public void begin(View view) {
    rosters.clear();
    places.clear();
    onHost.clear();
    hosts.clear();
    joined.clear();
    tenants.clear();
    view.each(EcsTables.JOINED_HOSTS, one -> joined.put(one.id(), one));
    view.each(EcsTables.HOSTS, host -> hosts.put(host.id(), known(host)));
    view.each(EcsTables.TASKS, task -> tenant(task.key(), task));
    view.each(EcsTables.INSTANCES, row -> instance(row.key(), row));
  }

  @Override
  public void hear(View view, Change change) {
    if (change.table().equals(EcsTables.HOSTS.name())) {
      Host host = view.row(EcsTables.HOSTS, change.account(), change.key());
      String id = change.key().getFirst();
      if (host == null) {
        hosts.remove(id);
      } else {
        hosts.put(id, known(host));
      }
      onHost.getOrDefault(id, Set.of()).forEach(this::show);
      return;
    }
    if (change.table().equals(EcsTables.JOINED_HOSTS.name())) {
      JoinedHost one = view.row(EcsTables.JOINED_HOSTS, change.account(), change.key());
      String id = change.key().getFirst();
      if (one == null) {
        joined.remove(id);
      } else {
        joined.put(id, one);
      }
      onHost.getOrDefault(id, Set.of()).forEach(this::show);
      return;
    }
    var region = new dev.holdfast.kit.Region(change.key().get(0));
    String cluster = change.key().get(1);
    String id = change.key().get(2);
    if (change.table().equals(EcsTables.TASKS.name())) {
      tenant(
          new Task.Key(change.account(), region, cluster, id),
          view.row(EcsTables.TASKS, change.account(), change.key()));
    } else {
      instance(
          new ContainerInstance.Key(change.account(), region, cluster, id),
          view.row(EcsTables.INSTANCES, change.account(), change.key()));
    }
  }

  /** The local host has the measures that it has now, whatever its row says. */
  private Host known(Host host) {
    return host.id().equals(Host.LOCAL) ? host.measured(Hosts.measured(Host.LOCAL, local)) : host;
  }

  private void instance(ContainerInstance.Key key, @Nullable ContainerInstance row) {
    Place place = places.computeIfAbsent(key, _ -> new Place());
    ContainerInstance old = place.row;
    if (row == null) {
      place.row = null;
      forget(key, place);
      if (old != null) {
        onHost.getOrDefault(old.host(), new HashSet<>()).remove(key);
      }
      roster(key.clusterKey()).remove(key.arn().toString());
      return;
    }
    place.row = row;
    place.attributes = row.attributes();
    onHost.computeIfAbsent(row.host(), _ -> new HashSet<>()).add(key);
    show(key);
  }

  private void tenant(Task.Key key, @Nullable Task task) {
    Tenant now = null;
    if (task != null && task.live()) {
      now =
          new Tenant(
              new ContainerInstance.Key(
                  key.account(), key.region(), key.cluster(), task.place().instance()),
              task.launch().group(),
              task.status().lastStatus() == TaskStatus.Last.RUNNING);
    }
    Tenant old = now == null ? tenants.remove(key) : tenants.put(key, now);
    if (now == null ? old == null : now.equals(old)) {
      return;
    }
    count(old, -1);
    count(now, 1);
  }

  private void count(@Nullable Tenant tenant, int by) {
    if (tenant != null) {
      Place place = places.computeIfAbsent(tenant.instance(), _ -> new Place());
      place.groups.merge(tenant.group(), by, (a, b) -> a + b == 0 ? null : a + b);
      place.running += tenant.running() ? by : 0;
      forget(tenant.instance(), place);
      show(tenant.instance());
    }
  }

  /** Nothing stays of an instance that is gone with its tasks. */
  private void forget(ContainerInstance.Key key, Place place) {
    if (place.row == null && place.groups.isEmpty()) {
      places.remove(key);
    }
  }

  /** Shows an instance as it is to those who look for a place. */
  private void show(ContainerInstance.Key key) {
    Place place = places.get(key);
    ContainerInstance row = place == null ? null : place.row;
    if (place == null || row == null) {
      return;
    }
    Host host = hosts.get(row.host());
    if (host == null && row.local()) {
      host = Hosts.measured(Host.LOCAL, local);
    }
    Roster roster = roster(key.clusterKey());
    if (row.status() == ContainerInstance.Status.ACTIVE && host != null) {
      roster.put(new Candidate(key.arn().toString(), host, false, facts(row, place)));
    } else {
      roster.remove(key.arn().toString());
    }
  }

  private String name(ContainerInstance row) {
    JoinedHost one = joined.get(row.host());
    return row.local() ? local.name() : one == null ? row.key().id() : one.name();
  }

  private InstanceFacts facts(ContainerInstance row, Place place) {
    return new InstanceFacts(
        name(row),
        place.row == null ? row.attributes() : place.attributes,
        null,
        row.registeredAt(),
        place.running,
        Map.copyOf(place.groups),
        Set.of());
  }

  @Override
  public void close() {
    lock.lock();
    try {
      following.close();
    } finally {
      lock.unlock();
    }
  }
}
