// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

import dev.holdfast.kit.Ids;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An event's place among all events of a group: by time, then stream, then number. Numbers below
 * zero are before all events of a time, {@link Long#MAX_VALUE} after all of them.
 *
 * @param stream the stream's id: 16 hexadecimal digits, or empty before all
 */
public record Position(long timestamp, String stream, long number) implements Comparable<Position> {
  private static final Comparator<Position> ORDER =
      Comparator.comparingLong(Position::timestamp)
          .thenComparing(Position::stream)
          .thenComparingLong(Position::number);

  private static final Pattern TEXT = Pattern.compile("([0-9]{19})([0-9]{20})([0-9]{19})");

  /** Before all events of a time. */
  public static Position before(long timestamp) {
    return new Position(timestamp, "", -1);
  }

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }

  /** 58 digits, by which AWS's clients tell events apart. */
  public String digits() {
    return Ids.padded(timestamp, 19)
        + "0".repeat(20 - Long.toUnsignedString(Long.parseUnsignedLong(stream, 16)).length())
        + Long.toUnsignedString(Long.parseUnsignedLong(stream, 16))
        + Ids.padded(number, 19);
  }

  /** The position that digits tell. */
  public static Optional<Position> parse(String digits) {
    var matcher = TEXT.matcher(digits);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      long id = Long.parseUnsignedLong(matcher.group(2));
      String hex = Long.toHexString(id);
      return Optional.of(
          new Position(
              Long.parseLong(matcher.group(1)),
              "0".repeat(16 - hex.length()) + hex,
              Long.parseLong(matcher.group(3))));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
