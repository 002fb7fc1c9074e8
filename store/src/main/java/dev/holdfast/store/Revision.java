// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

/** The number of a commit: it grows by one with each commit that writes, and never falls. */
public record Revision(long number) implements Comparable<Revision> {
  /** Before the first commit; as a key's revision: the key is absent. */
  public static final Revision NONE = new Revision(0);

  public Revision {
    if (number < 0) {
      throw new IllegalArgumentException("negative revision");
    }
  }

  public Revision next() {
    return new Revision(number + 1);
  }

  public boolean isAfter(Revision other) {
    return number > other.number;
  }

  @Override
  public int compareTo(Revision other) {
    return Long.compare(number, other.number);
  }
}
