// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that a crash test makes, changes and removes, step by step, and how far it came. One
 * thread at a time.
 */
final class Life {
  /** What all lives of a round share: they are found by it again, through an index. */
  record Round(int number, String keyId, String otherKeyId) {
    String group() {
      return "group-" + number;
    }

    String policy() {
      return "policy-" + number;
    }
  }

  private final Wreckable kind;
  private final String id;
  private final Round round;
  private final int planned;
  private final List<String> answers = new ArrayList<>();
  private String kept = "";
  private int acknowledged;
  private boolean cut;

  Life(Wreckable kind, String id, Round round, int planned) {
    this.kind = kind;
    this.id = id;
    this.round = round;
    this.planned = planned;
  }

  Wreckable kind() {
    return kind;
  }

  /** Used by no other life. */
  String id() {
    return id;
  }

  Round round() {
    return round;
  }

  /** The step that comes next. */
  Wreckable.Step next() {
    return kind.steps().get(acknowledged);
  }

  boolean done() {
    return acknowledged == planned;
  }

  /** How many steps are known to have been taken. */
  int acknowledged() {
    return acknowledged;
  }

  /** Whether the step after those was sent and not answered. */
  boolean cut() {
    return cut;
  }

  /** What a step was answered; empty where that is not kept. */
  String answer(int step) {
    return step < answers.size() ? answers.get(step) : "";
  }

  /**
   * Keeps what a step was answered, to be compared with what the same request is answered later.
   */
  void keep(String answer) {
    kept = answer;
  }

  /** What was kept of an answer; empty where none came. */
  String kept() {
    return kept;
  }

  /** Takes the next step. */
  void acknowledge(String answer) {
    answers.add(answer);
    acknowledged++;
  }

  /** No answer came to the next step. */
  void cutOff() {
    cut = true;
  }

  /** A restart decided what became of the step that was cut off: from now on this is so. */
  void settle(int found) {
    acknowledged = found;
    cut = false;
  }

  @Override
  public String toString() {
    return kind.name()
        + " "
        + id
        + " with "
        + acknowledged
        + " of "
        + planned
        + " steps acknowledged"
        + (cut ? ", the next cut off" : "");
  }
}
