// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.EndedDeployment;
import dev.holdfast.ecs.model.ServiceDeployment;
import dev.holdfast.ecs.model.ServiceRevision;
import dev.holdfast.ecs.model.StoppedTask;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.kit.AccountId;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** What is remembered of tasks and deployments that are over, for people. */
public final class Past {
  /** How long. */
  public static final Duration KEPT = Duration.ofDays(30);

  /** How many of an account, of each kind. */
  public static final int MOST = 10_000;

  private static final int BATCH = 256;

  private Past() {}

  /** A task stopped. */
  static void stopped(Tx tx, Task task, Instant now) {
    Instant at = Objects.requireNonNullElse(task.status().times().stoppedAt(), now);
    StoppedTask row = StoppedTask.of(task, at);
    tx.put(EcsTables.STOPPED_TASKS, row.key().account(), row.key(), row);
  }

  /** A deployment ended. */
  static void ended(Tx tx, ServiceDeployment row) {
    Instant at =
        Objects.requireNonNullElse(
            row.times().finishedAt(),
            Objects.requireNonNullElse(row.times().stoppedAt(), row.times().updatedAt()));
    ServiceRevision revision = Services.revision(tx, row.key().service(), row.target());
    var past =
        new EndedDeployment(
            new EndedDeployment.Key(row.key().service().account(), at, row.key().id()),
            row.key().service(),
            revision == null
                ? null
                : revision.definition().family() + ":" + revision.definition().revision(),
            row.status(),
            row.reason(),
            row.failures(),
            row.times().createdAt());
    tx.put(EcsTables.ENDED_DEPLOYMENTS, past.key().account(), past.key(), past);
  }

  /** Forgets what is old, and of each account what is too much; called now and then. */
  public static void prune(State state, Instant now) {
    prune(state, EcsTables.STOPPED_TASKS, r -> r.key(), k -> k.account(), k -> k.stoppedAt(), now);
    prune(
        state, EcsTables.ENDED_DEPLOYMENTS, r -> r.key(), k -> k.account(), k -> k.endedAt(), now);
  }

  private static <K, V> void prune(
      State state,
      Table<K, V> table,
      Function<V, K> key,
      Function<K, AccountId> account,
      Function<K, Instant> at,
      Instant now) {
    var due = new ArrayList<K>();
    var counts = new HashMap<AccountId, Integer>();
    state.read(
        view -> {
          view.each(
              table,
              row -> {
                K known = key.apply(row);
                int count = counts.merge(account.apply(known), 1, Integer::sum);
                if (count > MOST || at.apply(known).plus(KEPT).isBefore(now)) {
                  due.add(known);
                }
              });
          return due;
        });
    for (int from = 0; from < due.size(); from += BATCH) {
      List<K> some = due.subList(from, Math.min(due.size(), from + BATCH));
      state.own(
          tx -> {
            some.forEach(k -> tx.delete(table, account.apply(k), k));
            return null;
          });
    }
  }
}
