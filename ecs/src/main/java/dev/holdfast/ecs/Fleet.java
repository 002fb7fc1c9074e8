// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import dev.holdfast.aws.agent.HostGrants;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.JoinedHost;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.plan.AttributeCheck;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.ecs.state.Alarms;
import dev.holdfast.ecs.state.Candidates;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.Hosts;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.service.Call;
import dev.holdfast.service.Principal;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import dev.holdfast.store.space.Urgency;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The other machines of the platform's operator: they join it, are offered to every cluster as the
 * local host is, are drained, and are removed.
 */
public final class Fleet {
  /** The most machines at a time. */
  private static final int MOST = 1000;

  private static final String REMOVED = "The host of the task was removed";

  private final State state;
  private final Tasks tasks;
  private final Connections connections;
  private final Alarms alarms;

  Fleet(State state, Tasks tasks, Connections connections, Alarms alarms) {
    this.state = state;
    this.tasks = tasks;
    this.connections = connections;
    this.alarms = alarms;
  }

  /** Why a host did not join. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String why) {
      super(why);
    }
  }

  /**
   * A host that joined, and how it is.
   *
   * @param connected whether its agent listens
   * @param silence for how long it has not, in this process's life
   * @param agent its version, where it listens
   * @param limits whether its agent says that it holds tasks to their own limits
   * @param tasks how many run there or are to
   */
  public record Standing(
      JoinedHost host,
      boolean connected,
      Duration silence,
      String agent,
      boolean limits,
      int tasks) {}

  /**
   * Takes a host in.
   *
   * @param also what is to be written in the same commit, or refuses it
   * @throws Refused where the name is taken, or there are too many
   */
  public JoinedHost join(Call call, JoinedHost host, LocalHost facts, Consumer<Tx> also) {
    return state.commit(
        call,
        tx -> {
          also.accept(tx);
          List<JoinedHost> all = tx.list(EcsTables.JOINED_HOSTS, Table.PLATFORM);
          if (all.stream().anyMatch(other -> other.name().equals(host.name()))) {
            throw new Refused("a host of the name " + host.name() + " is there already");
          }
          if (all.size() >= MOST) {
            throw new Refused("there are " + MOST + " hosts already");
          }
          Host row = Hosts.measured(host.id(), facts);
          tx.put(EcsTables.JOINED_HOSTS, Table.PLATFORM, host.id(), host);
          tx.put(EcsTables.HOSTS, Table.PLATFORM, host.id(), row);
          Cluster.Key cluster = host.cluster();
          if (cluster != null) {
            // It is an instance of its one cluster at once: whoever waits for it sees it come.
            if (!exists(tx, cluster)) {
              throw new Refused("the cluster " + cluster.arn() + " is not there any more");
            }
            var local = new Candidates.Local(facts, connections, host.id(), call.now());
            put(tx, Candidates.fresh(cluster, local, row).fresh(host.attributes()));
          }
          return host;
        });
  }

  /** Whether there is a cluster that hosts can be kept to. */
  public boolean exists(Cluster.Key cluster) {
    return state.read(view -> exists(view, cluster));
  }

  private static boolean exists(View view, Cluster.Key key) {
    Cluster row = view.get(EcsTables.CLUSTERS, key.account(), key);
    return row != null && row.status() == Cluster.Status.ACTIVE;
  }

  /** What is wrong with what is said of a host, or empty. */
  public static Optional<String> fault(Map<String, String> attributes) {
    return attributes.size() > AttributeCheck.MOST
        ? Optional.of("a host has at most " + AttributeCheck.MOST + " attributes")
        : attributes.entrySet().stream()
            .flatMap(a -> AttributeCheck.fault(a.getKey(), a.getValue()).stream())
            .findFirst();
  }

  /** Takes a host's measures anew, where they are others than before. */
  public void measured(String id, LocalHost facts) {
    Host now = Hosts.measured(id, facts);
    Host known = state.read(view -> view.get(EcsTables.HOSTS, Table.PLATFORM, id));
    if (known == null || known.measured(now).equals(known)) {
      return;
    }
    state.own(
        Urgency.VITAL,
        tx -> {
          Host row = tx.get(EcsTables.HOSTS, Table.PLATFORM, id);
          if (row != null && tx.get(EcsTables.JOINED_HOSTS, Table.PLATFORM, id) != null) {
            tx.put(EcsTables.HOSTS, Table.PLATFORM, id, row.measured(now));
          }
          return id;
        });
  }

  /** Takes note of the key that a host will have; it has the one before until it shows this. */
  public void awaitKey(Call call, String id, String next) {
    state.commit(
        call,
        tx -> {
          JoinedHost host = tx.get(EcsTables.JOINED_HOSTS, Table.PLATFORM, id);
          if (host == null) {
            throw new Refused("the host is not there any more");
          }
          tx.put(EcsTables.JOINED_HOSTS, Table.PLATFORM, id, host.awaits(next));
          return host;
        });
  }

  /** The host has shown the key that was awaited: the one before is nobody's. */
  public void tookKey(String id, String shown) {
    state.own(
        Urgency.VITAL,
        tx -> {
          JoinedHost host = tx.get(EcsTables.JOINED_HOSTS, Table.PLATFORM, id);
          if (host != null && shown.equals(host.next())) {
            tx.put(EcsTables.JOINED_HOSTS, Table.PLATFORM, id, host.has(shown));
          }
          return id;
        });
  }

  /** The host of an id, while it belongs to the platform. */
  public Optional<JoinedHost> find(String id) {
    return Optional.ofNullable(
        state.read(view -> view.get(EcsTables.JOINED_HOSTS, Table.PLATFORM, id)));
  }

  /** The host of a name, or of an id. */
  public Optional<JoinedHost> named(String name) {
    return state.read(view -> named(view, name));
  }

  private static Optional<JoinedHost> named(View view, String name) {
    return view.list(EcsTables.JOINED_HOSTS, Table.PLATFORM).stream()
        .filter(host -> host.name().equals(name) || host.id().equals(name))
        .findFirst();
  }

  /** All hosts that joined, in the order of their names. */
  public List<Standing> all() {
    return state.read(
        view ->
            view.list(EcsTables.JOINED_HOSTS, Table.PLATFORM).stream()
                .sorted(java.util.Comparator.comparing(JoinedHost::name))
                .map(host -> standing(view, host))
                .toList());
  }

  private Standing standing(View view, JoinedHost host) {
    Host row = view.get(EcsTables.HOSTS, Table.PLATFORM, host.id());
    String stream = Connections.host(host.id());
    Optional<Connections.Peer> peer = connections.peer(stream);
    String agent = peer.map(Connections.Peer::agentVersion).map(String::valueOf).orElse("");
    return new Standing(
        host,
        connections.connected(stream),
        connections.silence(stream),
        agent,
        peer.filter(p -> p.grants().contains(HostGrants.TASK_LIMITS)).isPresent(),
        row == null ? 0 : row.bookings().size());
  }

  /**
   * An instance that an agent registered by itself.
   *
   * @param cluster its cluster's name
   * @param connected whether that agent listens
   * @param tasks how many run there or are to
   */
  public record Registered(String cluster, boolean connected, int tasks) {}

  /** The instances that agents registered with a role's sessions of a name. */
  public List<Registered> registered(Principal.Identity role, String session) {
    var by = new ContainerInstance.Binding(role.uniqueId(), ContainerInstance.SESSION + session);
    return state.read(
        view ->
            view.list(EcsTables.INSTANCES, role.account()).stream()
                .filter(i -> i.status() != ContainerInstance.Status.INACTIVE)
                .filter(i -> by.equals(i.binding()))
                .map(
                    i -> {
                      Host row = view.get(EcsTables.HOSTS, Table.PLATFORM, i.host());
                      return new Registered(
                          i.key().cluster(),
                          connections.connected(Hosts.stream(i)),
                          row == null ? 0 : row.bookings().size());
                    })
                .toList());
  }

  /** Lets a host take new tasks or not; services move what of theirs is there. */
  public void drain(Call call, String id, boolean drains) {
    var status = drains ? ContainerInstance.Status.DRAINING : ContainerInstance.Status.ACTIVE;
    state.commit(
        call,
        tx -> {
          JoinedHost host = tx.get(EcsTables.JOINED_HOSTS, Table.PLATFORM, id);
          if (host == null) {
            throw new Refused("the host is not there any more");
          }
          tx.put(EcsTables.JOINED_HOSTS, Table.PLATFORM, id, host.with(drains));
          for (ContainerInstance instance : of(tx, id)) {
            if (instance.status() != ContainerInstance.Status.INACTIVE) {
              put(tx, instance.with(status));
            }
          }
          return host;
        });
  }

  /**
   * Removes a host: its instances leave their clusters, its tasks count as lost from now on, and
   * whatever its agent still says is refused.
   *
   * @param also what is to be written in the same commit
   * @return how many tasks were lost
   */
  public int remove(Call call, String id, Consumer<Tx> also) {
    return state.commit(
        call,
        tx -> {
          also.accept(tx);
          tx.delete(EcsTables.JOINED_HOSTS, Table.PLATFORM, id);
          int lost = 0;
          for (ContainerInstance instance : of(tx, id)) {
            for (Task task : Tasks.on(tx, instance.key())) {
              lost += task.live() ? 1 : 0;
              tasks.put(tx, task, TaskTransitions.lost(task, REMOVED, call.now()), call.now());
            }
            if (instance.status() != ContainerInstance.Status.INACTIVE) {
              put(tx, instance.with(ContainerInstance.Status.INACTIVE));
            }
          }
          return lost;
        });
  }

  private static List<ContainerInstance> of(Tx tx, String host) {
    return tx.all(EcsTables.INSTANCES).stream().filter(i -> i.host().equals(host)).toList();
  }

  private static void put(Tx tx, ContainerInstance instance) {
    tx.put(EcsTables.INSTANCES, instance.key().account(), instance.key(), instance);
  }

  /** Remembers that somebody acted as a host that it is not. */
  public void alarm(Call call, String what) {
    alarms.raise(call, what);
  }
}
