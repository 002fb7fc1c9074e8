// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceDeployment;
import dev.holdfast.ecs.model.ServiceEvent;
import dev.holdfast.ecs.model.ServiceRevision;
import dev.holdfast.ecs.model.ServiceTask;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.kit.Hashes;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of services. */
public final class Services {
  private Services() {}

  public static @Nullable Service find(View view, Service.Key key) {
    return view.get(EcsTables.SERVICES, key.account(), key);
  }

  /** Writes a service's next state; null before its first. */
  public static void put(Tx tx, @Nullable Service before, Service after, Instant now) {
    tx.put(EcsTables.SERVICES, after.key().account(), after.key(), after);
    Announce.deployments(tx, before, after, now);
  }

  /** All rows of a table that are a service's. */
  public static <V> List<V> of(View view, Table<?, V> table, Service.Key key) {
    return view.list(table, key.account(), key.region().name(), key.cluster(), key.name());
  }

  public static @Nullable ServiceRevision revision(View view, Service.Key service, String id) {
    return view.get(
        EcsTables.SERVICE_REVISIONS, service.account(), new ServiceRevision.Key(service, id));
  }

  public static @Nullable ServiceDeployment deployment(View view, Service service) {
    var key = new ServiceDeployment.Key(service.key(), service.progress().deployment());
    return view.get(EcsTables.SERVICE_DEPLOYMENTS, service.key().account(), key);
  }

  /** The service that a task says it is of; whether it is, its row among the service's tells. */
  public static Optional<Service.Key> named(Task task) {
    String group = task.launch().group();
    String by = task.launch().startedBy();
    return by != null && by.startsWith(Service.PREFIX) && group.startsWith(Service.GROUP)
        ? Optional.of(
            new Service.Key(
                task.key().account(),
                task.key().region(),
                task.key().cluster(),
                group.substring(Service.GROUP.length())))
        : Optional.empty();
  }

  /** The service's row of a task, or null where the task is of no service. */
  public static @Nullable ServiceTask task(View view, Task task) {
    return named(task)
        .map(
            service ->
                view.get(
                    EcsTables.SERVICE_TASKS,
                    service.account(),
                    new ServiceTask.Key(service, task.key().id())))
        .orElse(null);
  }

  /** The services of a cluster that are not over. */
  public static long active(View view, Cluster.Key cluster) {
    return view
        .list(EcsTables.SERVICES, cluster.account(), cluster.region().name(), cluster.name())
        .stream()
        .filter(s -> s.status() != Service.Status.INACTIVE)
        .count();
  }

  /**
   * How many tasks of a revision there are.
   *
   * @param wanted those that nobody has asked to stop
   */
  public record Count(int running, int pending, int wanted) {
    public static final Count NONE = new Count(0, 0, 0);

    Count and(Task task) {
      boolean wish = task.wanted();
      boolean runs = task.status().lastStatus() == TaskStatus.Last.RUNNING;
      return new Count(
          running + (wish && runs ? 1 : 0),
          pending + (wish && !runs ? 1 : 0),
          wanted + (wish ? 1 : 0));
    }

    public Count and(Count other) {
      return new Count(running + other.running, pending + other.pending, wanted + other.wanted);
    }
  }

  /** The counts of a service's revisions. */
  public static Map<String, Count> counts(View view, Service.Key service) {
    var counts = new HashMap<String, Count>();
    for (ServiceTask row : of(view, EcsTables.SERVICE_TASKS, service)) {
      Task.Key key = row.key().taskKey();
      Task task = view.get(EcsTables.TASKS, key.account(), key);
      if (task != null && task.live()) {
        counts.merge(row.revision(), Count.NONE.and(task), Count::and);
      }
    }
    return counts;
  }

  /** Keeps what was said of a service, the last hundred things. */
  public static Service tell(Tx tx, Service service, List<String> messages, Instant now) {
    long number = service.progress().events();
    for (String message : messages) {
      number++;
      var key = new ServiceEvent.Key(service.key(), number);
      tx.put(
          EcsTables.SERVICE_EVENTS,
          service.key().account(),
          key,
          new ServiceEvent(key, eventId(service, number), now, message));
      Announce.said(tx, service, message, number, now);
      long old = number - ServiceEvent.KEPT;
      if (old > 0) {
        tx.delete(
            EcsTables.SERVICE_EVENTS,
            service.key().account(),
            new ServiceEvent.Key(service.key(), old));
      }
    }
    return messages.isEmpty() ? service : service.with(service.progress().told(number));
  }

  /** In the form of a UUID; the same whenever the transaction runs again. */
  private static String eventId(Service service, long number) {
    String hex = Hashes.sha256Hex(service.key().arn() + " " + service.createdAt() + " " + number);
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        "8" + hex.substring(13, 16),
        "8" + hex.substring(17, 20),
        hex.substring(20, 32));
  }

  /** Forgets a service that is over, with all that is kept of it. */
  public static void forget(Tx tx, Service.Key key) {
    for (ServiceEvent row : of(tx, EcsTables.SERVICE_EVENTS, key)) {
      tx.delete(EcsTables.SERVICE_EVENTS, key.account(), row.key());
    }
    for (ServiceDeployment row : of(tx, EcsTables.SERVICE_DEPLOYMENTS, key)) {
      tx.delete(EcsTables.SERVICE_DEPLOYMENTS, key.account(), row.key());
    }
    for (ServiceRevision row : of(tx, EcsTables.SERVICE_REVISIONS, key)) {
      tx.delete(EcsTables.SERVICE_REVISIONS, key.account(), row.key());
    }
    for (ServiceTask row : of(tx, EcsTables.SERVICE_TASKS, key)) {
      tx.delete(EcsTables.SERVICE_TASKS, key.account(), row.key());
    }
    Tags.delete(tx, key.account(), key.arn());
    tx.delete(EcsTables.SERVICES, key.account(), key);
  }

  /** The task definitions that services may start tasks of. */
  public static Set<TaskDefinition.Key> definitions(View view) {
    var used = new HashSet<TaskDefinition.Key>();
    view.each(
        EcsTables.SERVICES,
        service -> {
          for (Service.Rollout rollout : service.rollouts()) {
            add(view, service, rollout.id(), used);
          }
          String good = service.progress().lastGood();
          if (service.status() == Service.Status.ACTIVE && good != null) {
            add(view, service, good, used);
          }
        });
    return used;
  }

  private static void add(View view, Service service, String id, Set<TaskDefinition.Key> used) {
    ServiceRevision revision = revision(view, service.key(), id);
    if (revision != null) {
      used.add(revision.definition());
    }
  }
}
