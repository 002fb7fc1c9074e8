// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.JsonValue.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event with its number, ready to be read.
 *
 * @param number grows by one with each event of the installation
 * @param service its name, or null
 * @param event as EventBridge would deliver it
 */
public record JournalEvent(
    long number, Instant at, PendingEvent.Place place, @Nullable String service, JsonObject event) {

  /**
   * How far the journal is: the only row of its table.
   *
   * @param first the number of the oldest event that may be there
   * @param last the number of the newest one; 0 before the first
   */
  public record Head(long first, long last) {
    public static final Head NONE = new Head(1, 0);

    /** After a restore: so far ahead that whoever read on is told that events are missing. */
    public Head leapt() {
      long next = (last / LEAP + 1) * LEAP;
      return new Head(next + 1, next);
    }

    private static final long LEAP = 1_000_000_000L;
  }
}
