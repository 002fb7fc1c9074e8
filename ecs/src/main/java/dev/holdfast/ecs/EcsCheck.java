// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import dev.holdfast.ecs.model.CapacityProvider;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.EcsTables.FamilyKey;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.JoinedHost;
import dev.holdfast.ecs.model.JournalEvent;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.service.Check;
import dev.holdfast.service.Finding;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What must hold in ECS: live tasks are on instances of their cluster and booked on their host,
 * what is booked lives, clusters have capacity providers that are there, and no revision of a task
 * definition is newer than its family says.
 */
public record EcsCheck() implements Check {
  @Override
  public String name() {
    return "clusters, services, tasks and hosts";
  }

  @Override
  public List<Table<?, ?>> tables() {
    var tables = new ArrayList<Table<?, ?>>(ServiceCheck.tables());
    tables.addAll(
        List.of(
            EcsTables.CLUSTERS,
            EcsTables.FAMILIES,
            EcsTables.TASK_DEFINITIONS,
            EcsTables.TASKS,
            EcsTables.INSTANCES,
            EcsTables.CAPACITY_PROVIDERS,
            EcsTables.ACCOUNT_SETTINGS,
            EcsTables.HOSTS,
            EcsTables.PENDING_EVENTS,
            EcsTables.JOURNAL,
            EcsTables.JOURNAL_HEAD,
            EcsTables.STOPPED_TASKS,
            EcsTables.ENDED_DEPLOYMENTS,
            EcsTables.JOINED_HOSTS));
    return List.copyOf(tables);
  }

  @Override
  public void run(View view, Consumer<Finding> found) {
    Set<String> live = new HashSet<>();
    view.eachRow(
        EcsTables.TASKS,
        (_, _, task) -> {
          if (task.live()) {
            live.add(task.key().arn().toString());
            task(view, task, found);
          }
        });
    view.eachRow(EcsTables.CLUSTERS, (_, _, cluster) -> cluster(view, cluster, found));
    view.eachRow(EcsTables.HOSTS, (_, _, host) -> host(host, live, found));
    view.eachRow(EcsTables.JOINED_HOSTS, (_, _, joined) -> joined(view, joined, found));
    view.eachRow(EcsTables.INSTANCES, (_, _, instance) -> instance(view, instance, found));
    view.eachRow(EcsTables.TASK_DEFINITIONS, (_, _, row) -> definition(view, row, found));
    journal(view, found);
    ServiceCheck.run(view, found);
  }

  private static void journal(View view, Consumer<Finding> found) {
    var head = new JournalEvent.Head[] {JournalEvent.Head.NONE};
    view.eachRow(EcsTables.JOURNAL_HEAD, (_, _, row) -> head[0] = row);
    view.eachRow(
        EcsTables.JOURNAL,
        (_, _, event) -> {
          if (event.number() > head[0].last() || event.number() < head[0].first()) {
            found.accept(
                Finding.note(
                    "journal",
                    "event " + event.number() + " is outside of what its head says is there"));
          }
        });
    view.eachRow(
        EcsTables.STOPPED_TASKS,
        (_, _, row) -> {
          Task task = view.get(EcsTables.TASKS, row.task().account(), row.task());
          if (task != null && task.live()) {
            found.accept(
                Finding.note(row.task().arn().toString(), "lives, and is remembered as stopped"));
          }
        });
  }

  private static void cluster(View view, Cluster cluster, Consumer<Finding> found) {
    for (String name : cluster.capacityProviders()) {
      var key = new CapacityProvider.Key(cluster.key().account(), cluster.key().region(), name);
      if (!CapacityProvider.BUILT_IN.contains(name)
          && view.get(EcsTables.CAPACITY_PROVIDERS, key.account(), key) == null) {
        found.accept(
            Finding.lost(
                cluster.key().arn().toString(),
                "has a capacity provider that is not there: " + name));
      }
    }
  }

  private static void task(View view, Task task, Consumer<Finding> found) {
    String place = task.key().arn().toString();
    var instance =
        new ContainerInstance.Key(
            task.key().account(),
            task.key().region(),
            task.key().cluster(),
            task.place().instance());
    if (view.get(EcsTables.INSTANCES, instance.account(), instance) == null) {
      found.accept(Finding.lost(place, "is on a container instance that is not there"));
    }
    if (view.get(EcsTables.CLUSTERS, task.key().account(), task.key().clusterKey()) == null) {
      found.accept(Finding.lost(place, "is of a cluster that is not there"));
    }
    Host host = view.get(EcsTables.HOSTS, Table.PLATFORM, task.place().host());
    if (host == null || host.bookings().stream().noneMatch(b -> b.task().equals(place))) {
      found.accept(Finding.lost(place, "has nothing booked on its host " + task.place().host()));
    }
  }

  private static void host(Host host, Set<String> live, Consumer<Finding> found) {
    for (Host.Booking booking : host.bookings()) {
      if (!live.contains(booking.task())) {
        found.accept(
            Finding.note(
                "host " + host.id(), "keeps room for a task that is over: " + booking.task()));
      }
    }
  }

  private static void joined(View view, JoinedHost row, Consumer<Finding> found) {
    if (view.get(EcsTables.HOSTS, Table.PLATFORM, row.id()) == null) {
      found.accept(Finding.lost("host " + row.name(), "joined, and its measures are not there"));
    }
  }

  private static void instance(View view, ContainerInstance row, Consumer<Finding> found) {
    if (view.get(EcsTables.HOSTS, Table.PLATFORM, row.host()) == null) {
      found.accept(
          Finding.lost(
              row.key().arn().toString(), "is of a host that is not there: " + row.host()));
    }
  }

  private static void definition(View view, TaskDefinition row, Consumer<Finding> found) {
    TaskDefinition.Key key = row.key();
    EcsTables.Family family =
        view.get(
            EcsTables.FAMILIES, key.account(), new FamilyKey(key.region().name(), key.family()));
    if (family == null || family.lastRevision() < key.revision()) {
      found.accept(
          Finding.lost(key.arn().toString(), "is newer than its family says: numbers repeat"));
    }
  }
}
