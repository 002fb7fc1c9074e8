// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

/** What must still hold for a commit to be made. */
public sealed interface Expect {

  /**
   * The key stands at this revision.
   *
   * @param modRevision {@link Revision#NONE}: the key is absent
   */
  record Point(Key key, Revision modRevision) implements Expect {}

  /**
   * The range is as it was at {@code since}. An engine may also refuse where a key came and went in
   * between.
   *
   * @param state the range as it was at {@code since}; an engine that has forgotten the commits
   *     since then compares this
   */
  record Unchanged(KeyRange range, Revision since, RangeState state) implements Expect {}
}
