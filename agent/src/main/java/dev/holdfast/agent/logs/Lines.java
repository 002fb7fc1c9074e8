// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import dev.holdfast.agent.engine.ContainerLogs;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts lines together out of the pieces that the engine gives: each begins with its time, and one
 * of more than 16 KiB comes in several. What was read before is left out. Used by one thread.
 */
final class Lines {
  /** A line that is longer is given in parts. */
  private static final int LONGEST = 256 * 1024;

  private final Place from;
  private Place at;
  private final Partial out = new Partial();
  private final Partial error = new Partial();

  /** A line in the making. */
  private static final class Partial {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long millis;
  }

  /**
   * Lines after a place.
   *
   * @param from where reading ended before
   */
  Lines(Place from) {
    this.from = from;
    this.at = new Place(from.time(), 0);
  }

  /**
   * Takes a piece.
   *
   * @param now nanoseconds of the monotonic clock
   * @return the lines that it ends
   */
  List<Line> take(ContainerLogs.Frame frame, long now) {
    byte[] bytes = frame.bytes();
    int space = 0;
    while (space < bytes.length && bytes[space] != ' ') {
      space++;
    }
    Instant time;
    try {
      time = Instant.parse(new String(bytes, 0, space, StandardCharsets.US_ASCII));
    } catch (DateTimeException _) {
      return List.of(); // not a piece of output
    }
    at = at.next(time);
    if (at.compareTo(from) <= 0) {
      return List.of();
    }
    int begin = Math.min(bytes.length, space + 1);
    Partial partial = frame.error() ? error : out;
    if (partial.bytes.size() == 0) {
      partial.millis = time.toEpochMilli();
    }
    boolean whole = bytes.length > begin && bytes[bytes.length - 1] == '\n';
    int length = bytes.length - begin - (whole ? 1 : 0);
    partial.bytes.write(bytes, begin, length);
    return whole || partial.bytes.size() >= LONGEST ? ended(partial, now) : List.of();
  }

  /** What is left when nothing more comes. */
  List<Line> end(long now) {
    var left = new ArrayList<Line>(ended(out, now));
    left.addAll(ended(error, now));
    return left;
  }

  private List<Line> ended(Partial partial, long now) {
    String text = partial.bytes.toString(StandardCharsets.UTF_8);
    partial.bytes.reset();
    String line = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    return line.isEmpty() ? List.of() : List.of(new Line(partial.millis, line, at, now));
  }
}
