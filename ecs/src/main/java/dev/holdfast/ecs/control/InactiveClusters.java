// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.service.State;
import dev.holdfast.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Forgets clusters that were deleted, so long after this process saw it first and no sooner than
 * the last that was in them. Used by one thread.
 */
final class InactiveClusters {
  private final State state;
  private final Duration kept;
  private final Map<Cluster.Key, Instant> seen = new HashMap<>();

  InactiveClusters(State state, Duration kept) {
    this.state = state;
    this.kept = kept;
  }

  void sweep(Instant now) {
    Set<Cluster.Key> inactive =
        state.read(
            view -> {
              var found = new HashSet<Cluster.Key>();
              view.each(
                  EcsTables.CLUSTERS,
                  row -> {
                    if (row.status() == Cluster.Status.INACTIVE) {
                      found.add(row.key());
                    }
                  });
              return found;
            });
    seen.keySet().retainAll(inactive);
    for (Cluster.Key key : inactive) {
      if (seen.computeIfAbsent(key, _ -> now).plus(kept).isBefore(now)) {
        state.own(tx -> forget(tx, key));
      }
    }
  }

  private static boolean forget(Tx tx, Cluster.Key key) {
    Cluster row = tx.get(EcsTables.CLUSTERS, key.account(), key);
    String region = key.region().name();
    boolean due =
        row != null
            && row.status() == Cluster.Status.INACTIVE
            && tx.isEmpty(EcsTables.TASKS, key.account(), region, key.name())
            && tx.isEmpty(EcsTables.SERVICES, key.account(), region, key.name())
            && tx.isEmpty(EcsTables.INSTANCES, key.account(), region, key.name());
    if (due) {
      tx.delete(EcsTables.CLUSTERS, key.account(), key);
    }
    return due;
  }
}
