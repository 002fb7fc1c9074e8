// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Dates as policies write them.
 *
 * @see <a href="https://www.w3.org/TR/NOTE-datetime">W3C's profile of ISO 8601</a>
 */
final class LiteralDate {
  private static final String DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
  private static final String ZONE = "(Z|[+-][0-9]{2}:[0-9]{2})";

  private LiteralDate() {}

  /** A year, a month, a day, a time of it with its zone, or seconds since 1970; null else. */
  static @Nullable Instant instant(String text) {
    try {
      if (text.matches("[0-9]{4}")) {
        return start(LocalDate.of(Integer.parseInt(text), 1, 1));
      }
      if (text.matches("[0-9]{4}-[0-9]{2}")) {
        return start(YearMonth.parse(text).atDay(1));
      }
      if (text.matches(DAY)) {
        return start(LocalDate.parse(text));
      }
      if (text.matches(DAY + "T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?" + ZONE)) {
        return OffsetDateTime.parse(text).toInstant();
      }
      if (text.matches("-?[0-9]{1,18}")) {
        return Instant.ofEpochSecond(Long.parseLong(text));
      }
      return null;
    } catch (DateTimeException _) {
      return null;
    }
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
