// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

/**
 * How many keys a range holds and the newest revision among them. As revisions only grow, two equal
 * states hold the same entries.
 */
public record RangeState(long count, Revision newest) {
  public static final RangeState EMPTY = new RangeState(0, Revision.NONE);

  /** The state with one more key. */
  public RangeState plus(Revision modRevision) {
    return new RangeState(count + 1, modRevision.isAfter(newest) ? modRevision : newest);
  }
}
