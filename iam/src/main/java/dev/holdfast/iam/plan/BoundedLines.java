// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

/**
 * A text of whole lines in parts, each of which has so much room: what does not fit is left out,
 * and that it is, is said. Who is denied by much is told as much as one can read.
 */
final class BoundedLines {
  private static final String MORE = "  more of them are not shown\n";

  private final StringBuilder text = new StringBuilder();
  private int end;
  private boolean full;

  /** Begins a part, which may take so many characters. */
  void part(int room) {
    end = text.length() + room - MORE.length();
    full = false;
  }

  /** Whether something of this part did not fit; nothing more of it is added then. */
  boolean isFull() {
    return full;
  }

  /** Adds lines, all of them or none. */
  void add(String lines) {
    if (!full && text.length() + lines.length() > end) {
      full = true;
      text.append(MORE);
    }
    if (!full) {
      text.append(lines);
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
