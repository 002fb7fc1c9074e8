// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what of a batch of events is kept.
 *
 * @param events those that are kept
 * @param tooOldEnd events before this index are older than 14 days; null for none
 * @param expiredEnd events before this index are older than the group's retention; null for none
 * @param tooNewStart events from this index on are more than two hours ahead; null for none
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html">PutLogEvents</a>
 */
public record Batch(
    List<Entry> events,
    @Nullable Integer tooOldEnd,
    @Nullable Integer expiredEnd,
    @Nullable Integer tooNewStart) {
  /** The most that the messages of a batch take, with {@link #OVERHEAD} for each. */
  public static final int MOST_BYTES = 1_048_576;

  /** What an event takes beside its message. */
  public static final int OVERHEAD = 26;

  private static final long HOUR = 3_600_000L;
  private static final long DAY = 24 * HOUR;
  private static final long OLDEST = 14 * DAY;
  private static final long NEWEST = 2 * HOUR;

  /** An event as it comes. */
  public record Entry(long timestamp, String message) {
    /** What it counts as. */
    public int size() {
      return OVERHEAD + length(message);
    }

    /** Without the message. */
    @Override
    public String toString() {
      return "Entry[" + timestamp + "]";
    }
  }

  public Batch {
    events = List.copyOf(events);
  }

  /** Bytes in UTF-8, without writing them. */
  private static int length(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return length;
  }

  /** What is wrong with a batch as a whole, in AWS's words. */
  public static Optional<String> fault(List<Entry> events) {
    long size = 0;
    for (Entry event : events) {
      size += event.size();
    }
    if (size > MOST_BYTES) {
      return Optional.of("Upload too large: " + size + " bytes exceeds limit of " + MOST_BYTES);
    }
    for (int i = 1; i < events.size(); i++) {
      if (events.get(i).timestamp() < events.get(i - 1).timestamp()) {
        return Optional.of(
            "Log events in a single PutLogEvents request must be in chronological order.");
      }
    }
    return !events.isEmpty() && events.getLast().timestamp() - events.getFirst().timestamp() > DAY
        ? Optional.of(
            "The batch of log events in a single PutLogEvents request cannot span more than 24"
                + " hours.")
        : Optional.empty();
  }

  /**
   * What is kept of a batch without fault.
   *
   * @param now milliseconds
   * @param keptFrom the first millisecond that the group's retention keeps
   */
  public static Batch of(List<Entry> events, long now, long keptFrom) {
    int tooOld = before(events, now - OLDEST);
    int expired = before(events, keptFrom);
    int tooNew = before(events, now + NEWEST + 1);
    int from = Math.max(tooOld, expired);
    return new Batch(
        from < tooNew ? events.subList(from, tooNew) : List.of(),
        tooOld == 0 ? null : tooOld,
        expired <= tooOld ? null : expired,
        tooNew == events.size() ? null : tooNew);
  }

  private static int before(List<Entry> events, long time) {
    int index = 0;
    while (index < events.size() && events.get(index).timestamp() < time) {
      index++;
    }
    return index;
  }

  /** Whether anything is refused. */
  public boolean rejects() {
    return tooOldEnd != null || expiredEnd != null || tooNewStart != null;
  }
}
