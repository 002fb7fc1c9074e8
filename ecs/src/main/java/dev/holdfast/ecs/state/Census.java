// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.service.State;
import dev.holdfast.store.Change;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How much there is in each cluster, counted in memory and brought up to date by what has changed
 * since it was asked last: a cluster of many tasks is described without reading them.
 *
 * <p>The lock guards all of it.
 */
public final class Census implements AutoCloseable, Following.Picture {
  private static final List<Table<?, ?>> TABLES =
      List.of(EcsTables.TASKS, EcsTables.INSTANCES, EcsTables.SERVICES);

  private final ReentrantLock lock = new ReentrantLock();
  private final Following following;
  private final Map<Cluster.Key, Map<Kind, Integer>> counts = new HashMap<>();
  private final Map<Place, Kind> counted = new HashMap<>();

  public Census(State state) {
    this.following = new Following(state, TABLES);
  }

  /** What a row counts as. */
  private enum Kind {
    RUNNING,
    PENDING,
    INSTANCE,
    SERVICE
  }

  /** A row that counts. */
  private record Place(String table, AccountId account, List<String> key) {
    Cluster.Key cluster() {
      return new Cluster.Key(account, new Region(key.get(0)), key.get(1));
    }
  }

  /**
   * What a cluster has.
   *
   * @param instances those that nobody has taken out
   * @param services those that are not over
   */
  public record Counts(int running, int pending, int instances, int services) {
    /** Counts the rows that a view has; for who changes the cluster in the same transaction. */
    public static Counts of(View view, Cluster.Key cluster) {
      var sums = new EnumMap<Kind, Integer>(Kind.class);
      for (Table<?, ?> table : TABLES) {
        for (Object row :
            view.list(table, cluster.account(), cluster.region().name(), cluster.name())) {
          Kind kind = kind(row);
          if (kind != null) {
            sums.merge(kind, 1, Integer::sum);
          }
        }
      }
      return of(sums);
    }

    private static Counts of(Map<Kind, Integer> sums) {
      return new Counts(
          sums.getOrDefault(Kind.RUNNING, 0),
          sums.getOrDefault(Kind.PENDING, 0),
          sums.getOrDefault(Kind.INSTANCE, 0),
          sums.getOrDefault(Kind.SERVICE, 0));
    }
  }

  /** What a cluster has now. */
  public Counts of(Cluster.Key cluster) {
    lock.lock();
    try {
      following.update(this);
      return Counts.of(counts.getOrDefault(cluster, Map.of()));
    } finally {
      lock.unlock();
    }
  }

  private static @Nullable Kind kind(@Nullable Object row) {
    return switch (row) {
      case Task task when task.status().lastStatus() == TaskStatus.Last.RUNNING -> Kind.RUNNING;
      case Task task when task.status().lastStatus() == TaskStatus.Last.PENDING -> Kind.PENDING;
      case ContainerInstance instance when instance.status() != ContainerInstance.Status.INACTIVE ->
          Kind.INSTANCE;
      case Service service when service.status() != Service.Status.INACTIVE -> Kind.SERVICE;
      case null, default -> null;
    };
  }

  @Override
  public void begin(View view) {
    counts.clear();
    counted.clear();
    TABLES.forEach(table -> begin(view, table));
  }

  private <V> void begin(View view, Table<?, V> table) {
    view.eachRow(
        table, (account, key, row) -> count(new Place(table.name(), account, key), kind(row)));
  }

  @Override
  public void hear(View view, Change change) {
    for (Table<?, ?> table : TABLES) {
      if (table.name().equals(change.table())) {
        count(
            new Place(change.table(), change.account(), change.key()),
            kind(view.row(table, change.account(), change.key())));
      }
    }
  }

  private void count(Place place, @Nullable Kind now) {
    Kind before = now == null ? counted.remove(place) : counted.put(place, now);
    if (before != now) {
      add(place.cluster(), before, -1);
      add(place.cluster(), now, 1);
    }
  }

  private void add(Cluster.Key cluster, @Nullable Kind kind, int by) {
    if (kind != null) {
      Map<Kind, Integer> sums = counts.computeIfAbsent(cluster, _ -> new EnumMap<>(Kind.class));
      sums.merge(kind, by, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
      if (sums.isEmpty()) {
        counts.remove(cluster);
      }
    }
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
