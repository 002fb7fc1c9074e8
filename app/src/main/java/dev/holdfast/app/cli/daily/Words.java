// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.daily;

import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Members of answers as people read them. */
final class Words {
  private static final Duration MINUTES = Duration.ofMinutes(2);
  private static final Duration HOURS = Duration.ofHours(2);
  private static final Duration DAYS = Duration.ofDays(2);

  private Words() {}

  static String text(JsonObject row, String name) {
    return Objects.requireNonNullElse(row.string(name), "");
  }

  static long number(JsonObject row, String name) {
    Long number = row.integer(name);
    return number == null ? 0 : number;
  }

  static double decimal(JsonObject row, String name) {
    return row.get(name) instanceof JsonNumber number ? number.asDouble() : 0;
  }

  static List<JsonObject> objects(JsonObject row, String name) {
    var found = new ArrayList<JsonObject>();
    for (JsonValue item : row.array(name)) {
      if (item instanceof JsonObject object) {
        found.add(object);
      }
    }
    return found;
  }

  static List<String> texts(JsonObject row, String name) {
    var found = new ArrayList<String>();
    for (JsonValue item : row.array(name)) {
      if (item instanceof JsonString(var text)) {
        found.add(text);
      }
    }
    return found;
  }

  /** How long ago, in the largest unit of which there are two: {@code 90s}, {@code 5h}. */
  static String ago(String time, Instant now) {
    try {
      Duration ago = Duration.between(Instant.parse(time), now);
      if (ago.compareTo(DAYS) >= 0) {
        return ago.toDays() + "d";
      }
      if (ago.compareTo(HOURS) >= 0) {
        return ago.toHours() + "h";
      }
      if (ago.compareTo(MINUTES) >= 0) {
        return ago.toMinutes() + "m";
      }
      return Math.max(0, ago.toSeconds()) + "s";
    } catch (DateTimeParseException _) {
      return "";
    }
  }

  /** An image without the registry that it is from. */
  static String image(String image) {
    int slash = image.indexOf('/');
    String first = slash < 0 ? "" : image.substring(0, slash);
    boolean registry = first.contains(":") || first.contains(".") || first.equals("localhost");
    return registry ? image.substring(slash + 1) : image;
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
