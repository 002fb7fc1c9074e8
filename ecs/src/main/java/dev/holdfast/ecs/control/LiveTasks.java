// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.service.State;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import dev.holdfast.store.space.Urgency;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The tasks of all accounts that have not stopped. There may be more of them than memory holds, so
 * that no more than their keys are ever kept.
 */
public final class LiveTasks {
  /** So many are changed by one commit. */
  private static final int BATCH = 100;

  private LiveTasks() {}

  /** What becomes of one task. */
  @FunctionalInterface
  interface Change {
    /** Changes a task that still lives. */
    void of(Tx tx, Task task);
  }

  /** How many there are. */
  public static int count(View view) {
    int[] count = new int[1];
    view.each(EcsTables.TASKS, task -> count[0] += task.live() ? 1 : 0);
    return count[0];
  }

  /** Those that are such, by their keys. */
  public static List<Task.Key> keys(View view, Predicate<Task> such) {
    var keys = new ArrayList<Task.Key>();
    view.each(
        EcsTables.TASKS,
        task -> {
          if (task.live() && such.test(task)) {
            keys.add(task.key());
          }
        });
    return keys;
  }

  /** Changes those of these keys that still live, some in each commit. */
  static void change(State state, List<Task.Key> keys, Change change) {
    for (int from = 0; from < keys.size(); from += BATCH) {
      List<Task.Key> some = keys.subList(from, Math.min(keys.size(), from + BATCH));
      state.own(
          Urgency.VITAL,
          tx -> {
            for (Task.Key key : some) {
              Task task = tx.get(EcsTables.TASKS, key.account(), key);
              if (task != null && task.live()) {
                change.of(tx, task);
              }
            }
            return some.size();
          });
    }
  }
}
