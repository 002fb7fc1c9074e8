// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import java.time.Instant;
import java.util.Comparator;

/**
 * How far a container's output was read: up to the {@code count}-th piece that the engine dates
 * with {@code time}.
 */
public record Place(Instant time, int count) implements Comparable<Place> {
  /** Before everything. */
  static final Place BEGIN = new Place(Instant.EPOCH, 0);

  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::time).thenComparingInt(Place::count);

  /** The place of a piece that follows this one. */
  Place next(Instant of) {
    return of.equals(time) ? new Place(time, count + 1) : new Place(of, 1);
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }
}
