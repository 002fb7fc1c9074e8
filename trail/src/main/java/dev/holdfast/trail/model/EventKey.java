// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.model;

import dev.holdfast.kit.Ids;
import java.time.Instant;
import java.util.List;

/**
 * Where an event lies: by region, newest first.
 *
 * @param order the milliseconds left until the year 5138, so that newer sorts first
 */
public record EventKey(String region, String order, String id) {
  private static final long END = 99_999_999_999_999L;

  public static EventKey of(String region, Instant time, String id) {
    return new EventKey(region, order(time), id);
  }

  static String order(Instant time) {
    return Ids.padded(END - time.toEpochMilli(), 14);
  }

  public Instant time() {
    return Instant.ofEpochMilli(END - Long.parseLong(order));
  }

  public List<String> segments() {
    return List.of(region, order, id);
  }

  /** Whether this place comes after another in the same region's order. */
  public boolean isAfter(EventKey other) {
    int byTime = order.compareTo(other.order);
    return byTime > 0 || (byTime == 0 && id.compareTo(other.id) > 0);
  }
}
