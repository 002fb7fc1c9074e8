// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.disk;

import java.util.ArrayList;
import java.util.List;

/**
 * What was done to a disk, in order.
 *
 * @param start how many of the steps only tell what was there before
 */
public record Tape(List<Step> steps, int start) {

  /** The same with one step left out: a sync that was forgotten. */
  public Tape without(int step) {
    var less = new ArrayList<>(steps);
    less.remove(step);
    return new Tape(List.copyOf(less), start);
  }

  /** Every place of a sync, of a file or of a folder. */
  public List<Integer> syncs() {
    var found = new ArrayList<Integer>();
    for (int i = start; i < steps.size(); i++) {
      if (steps.get(i) instanceof Step.Sync || steps.get(i) instanceof Step.SyncDirectory) {
        found.add(i);
      }
    }
    return found;
  }

  /** The same as those would play it who leave out what a power cut asks for, each in one way. */
  public List<Tape> careless() {
    return List.of(
        withoutAll(Step.Sync.class), withoutAll(Step.SyncDirectory.class), movesBeforeSync());
  }

  /** The same with each file synced only after it got its last name: renamed too early. */
  public Tape movesBeforeSync() {
    var other = new ArrayList<>(steps.subList(0, start));
    var late = new ArrayList<Step.Sync>();
    for (Step step : steps.subList(start, steps.size())) {
      if (step instanceof Step.Sync sync) {
        late.add(sync);
        continue;
      }
      other.add(step);
      if (step instanceof Step.Move move) {
        late.removeIf(sync -> sync.file() == move.file() && other.add(sync));
      }
    }
    other.addAll(late);
    return new Tape(List.copyOf(other), start);
  }

  /** The same without any sync of a file, or of a folder. */
  public Tape withoutAll(Class<? extends Step> kind) {
    var less = new ArrayList<>(steps.subList(0, start));
    steps.subList(start, steps.size()).stream().filter(s -> !kind.isInstance(s)).forEach(less::add);
    return new Tape(List.copyOf(less), start);
  }
}
