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
  /** What {@link #seconds} answers for other texts. */
  static final long NO_SECONDS = Long.MIN_VALUE;

  private static final String FORM = "dddd-dd-ddTdd:dd:ddZ";

  private Dates() {}

  /**
   * Seconds since 1970 of a moment as the clock's keys have it, {@code 2026-05-01T10:00:00Z} or
   * seconds themselves; {@link #NO_SECONDS} where the text is anything else, a date though it be.
   */
  static long seconds(String text) {
    if (text.length() == FORM.length()) {
      return clock(text);
    }
    if (text.length() < 5 || text.length() > 12) {
      return NO_SECONDS;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return NO_SECONDS;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static long clock(String text) {
    for (int i = 0; i < FORM.length(); i++) {
      char c = text.charAt(i);
      char form = FORM.charAt(i);
      if (form == 'd' ? c < '0' || c > '9' : c != form) {
        return NO_SECONDS;
      }
    }
    int month = two(text, 5);
    int day = two(text, 8);
    int hour = two(text, 11);
    int minute = two(text, 14);
    int second = two(text, 17);
    // The last days of months are left to the calendar.
    if (month < 1 || month > 12 || day < 1 || day > 28 || hour > 23 || minute > 59 || second > 59) {
      return NO_SECONDS;
    }
    // Days by the calendar of March-based years, whose leap day is the last.
    int year = two(text, 0) * 100 + two(text, 2) - (month < 3 ? 1 : 0);
    int days = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    int era = Math.floorDiv(year, 400);
    int within = year - era * 400;
    long since1970 = era * 146_097L + within * 365L + within / 4 - within / 100 + days - 719_468;
    return since1970 * 86_400 + hour * 3_600L + minute * 60L + second;
  }

  private static int two(String text, int at) {
    return (text.charAt(at) - '0') * 10 + text.charAt(at + 1) - '0';
  }

  /** Whole seconds before, at or after a moment. */
  static int compare(long seconds, Instant other) {
    int order = Long.compare(seconds, other.getEpochSecond());
    return order == 0 ? -Integer.signum(other.getNano()) : order;
  }

  /** The moment, or null where the text is no date; four digits are a year. */
  static @Nullable Instant parse(String text) {
    if (text.length() > 40 || text.isEmpty()) {
      return null;
    }
    try {
      if (epoch(text)) {
        return sinceEpoch(text);
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

  private static Instant sinceEpoch(String text) {
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
