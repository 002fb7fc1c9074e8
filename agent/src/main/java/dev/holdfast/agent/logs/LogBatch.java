// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some events to be sent together.
 *
 * @param lines how many lines they are made of
 * @param end the place of the last of these
 */
public record LogBatch(List<Event> events, int lines, Place end) {
  private static final int MOST_EVENTS = 10_000;
  private static final int MOST_BYTES = 900_000;

  /** What the request may take; the platform takes 2 MiB. */
  private static final int MOST_JSON = 1_500_000;

  private static final int OVERHEAD = 26;
  private static final int JSON_OVERHEAD = 48;
  private static final int LONGEST = 256 * 1024;
  private static final long DAY = 24 * 3_600_000L;

  /** An event: its time in milliseconds, and its text. */
  public record Event(long millis, String text) {
    @Override
    public String toString() {
      return "Event[" + millis + "]";
    }
  }

  public LogBatch {
    events = List.copyOf(events);
  }

  /**
   * The next batch of lines.
   *
   * @param start what begins an event; null where each line is one
   * @param ended whether the last event is known to be whole
   * @param until the last place that may be in it, or null
   * @return null where there is none yet
   */
  static @Nullable LogBatch of(
      Iterable<Line> lines, @Nullable EventStart start, boolean ended, @Nullable Place until) {
    var made = new Making();
    for (Line line : lines) {
      if (until != null && line.end().compareTo(until) > 0) {
        return made.batch(true);
      }
      boolean begins =
          start == null || !made.open || made.length() > LONGEST || start.begins(line.text());
      if (begins ? !made.begin(line) : !made.append(line)) {
        return made.batch(true);
      }
    }
    return made.batch(ended || start == null);
  }

  private static final class Making {
    private final List<Event> events = new ArrayList<>();
    private StringBuilder text = new StringBuilder();
    private boolean open;
    private long millis;
    private long first = Long.MIN_VALUE;
    private long last = Long.MIN_VALUE;
    private int bytes;
    private int json;
    private int lines;
    private Place end = Place.BEGIN;

    /** The state before the event that is open, which may be left for later. */
    private int wholeLines;

    private Place wholeEnd = Place.BEGIN;

    int length() {
      return text.length();
    }

    boolean begin(Line line) {
      long time = Math.max(line.millis(), last);
      boolean room =
          events.size() + (open ? 1 : 0) < MOST_EVENTS
              && (first == Long.MIN_VALUE || time - first <= DAY)
              && fits(line, OVERHEAD, JSON_OVERHEAD);
      if (!room) {
        return false;
      }
      close();
      wholeLines = lines;
      wholeEnd = end;
      open = true;
      millis = time;
      first = first == Long.MIN_VALUE ? time : first;
      last = time;
      text = new StringBuilder(line.text());
      add(line, OVERHEAD, JSON_OVERHEAD);
      return true;
    }

    boolean append(Line line) {
      if (!fits(line, 1, 2)) {
        return false;
      }
      text.append('\n').append(line.text());
      add(line, 1, 2);
      return true;
    }

    private boolean fits(Line line, int more, int moreJson) {
      return lines == 0
          || (bytes + bytes(line.text()) + more <= MOST_BYTES
              && json + json(line.text()) + moreJson <= MOST_JSON);
    }

    private void add(Line line, int more, int moreJson) {
      bytes += bytes(line.text()) + more;
      json += json(line.text()) + moreJson;
      lines++;
      end = line.end();
    }

    private void close() {
      if (open) {
        events.add(new Event(millis, text.toString()));
        open = false;
      }
    }

    @Nullable LogBatch batch(boolean whole) {
      if (whole) {
        close();
        return events.isEmpty() ? null : new LogBatch(events, lines, end);
      }
      return events.isEmpty() ? null : new LogBatch(events, wholeLines, wholeEnd);
    }
  }

  /** Bytes in UTF-8. */
  private static int bytes(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  /** Bytes in a JSON text, where controls are written with six characters. */
  private static int json(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < ' ' ? 6 : c == '"' || c == '\\' ? 2 : c < 0x80 ? 1 : 3;
    }
    return bytes;
  }
}
