// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail;

import dev.holdfast.kit.Printable;
import java.util.List;

/**
 * The outcome of a check of the whole trail.
 *
 * @param faults what is wrong, in words; empty where nothing is
 */
public record Verification(long blocks, long events, String head, List<String> faults) {
  public Verification {
    faults = List.copyOf(faults);
  }

  public boolean ok() {
    return faults.isEmpty();
  }

  /** For people. */
  public String text() {
    String what = blocks + " blocks, " + events + " events, head " + head;
    return ok()
        ? "the audit trail is intact: " + what
        : "THE AUDIT TRAIL IS DAMAGED: "
            + what
            + "\n  "
            + String.join("\n  ", faults.stream().map(Printable::line).toList());
  }
}
