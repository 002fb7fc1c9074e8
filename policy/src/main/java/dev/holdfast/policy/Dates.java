// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Dates of the policy language: the W3C profile of ISO 8601, or seconds since 1970.
 *
 * @see <a href="https://www.w3.org/TR/NOTE-datetime">Date and Time Formats</a>
 */
final class Dates {
  private Dates() {}

  /** The moment, or null where the text is no date; four digits are a year. */
  static @Nullable Instant parse(String text) {
    if (text.length() > 40 || text.isEmpty()) {
      return null;
    }
    try {
      if (epoch(text)) {
        return seconds(text);
      }
      return iso(text);
    } catch (DateTimeException | NumberFormatException | ArithmeticException _) {
      return null;
    }
  }

  private static boolean epoch(String text) {
    boolean negative = text.startsWith("-");
    boolean digits = text.chars().skip(negative ? 1 : 0).allMatch(c -> c >= '0' && c <= '9');
    return digits && (negative ? text.length() > 1 : text.length() != 4);
  }

  private static Instant seconds(String text) {
    return Instant.ofEpochSecond(Long.parseLong(text));
  }

  private static @Nullable Instant iso(String text) {
    int t = text.indexOf('T');
    String[] date = (t < 0 ? text : text.substring(0, t)).split("-", -1);
    if (date.length > 3 || (t >= 0 && date.length != 3)) {
      return null;
    }
    LocalDate day =
        LocalDate.of(
            number(date[0], 4),
            date.length > 1 ? number(date[1], 2) : 1,
            date.length > 2 ? number(date[2], 2) : 1);
    if (t < 0) {
      return day.atStartOfDay().toInstant(ZoneOffset.UTC);
    }
    String rest = text.substring(t + 1);
    int zone = zoneStart(rest);
    if (zone < 0) {
      return null;
    }
    LocalTime time = time(rest.substring(0, zone));
    String offset = rest.substring(zone);
    ZoneOffset at = offset.equals("Z") ? ZoneOffset.UTC : ZoneOffset.of(offset);
    return day.atTime(time).toInstant(at);
  }

  private static int zoneStart(String rest) {
    for (int i = 0; i < rest.length(); i++) {
      char c = rest.charAt(i);
      if (c == 'Z' || c == '+' || c == '-') {
        return i;
      }
    }
    return -1;
  }

  private static LocalTime time(String text) {
    int dot = text.indexOf('.');
    String[] parts = (dot < 0 ? text : text.substring(0, dot)).split(":", -1);
    boolean seconds = parts.length == 3;
    if ((parts.length != 2 && !seconds) || (dot >= 0 && !seconds)) {
      throw new NumberFormatException("no time");
    }
    int nanos = 0;
    if (dot >= 0) {
      String fraction = text.substring(dot + 1);
      nanos = number((fraction + "000000000").substring(0, 9), 9);
      if (fraction.isEmpty() || !fraction.chars().allMatch(c -> c >= '0' && c <= '9')) {
        throw new NumberFormatException("no fraction");
      }
    }
    return LocalTime.of(
        number(parts[0], 2), number(parts[1], 2), seconds ? number(parts[2], 2) : 0, nanos);
  }

  private static int number(String text, int digits) {
    if (text.length() != digits || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new NumberFormatException("no number");
    }
    return Integer.parseInt(text);
  }
}
