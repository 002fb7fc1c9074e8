// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.rules;

import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.kit.Printable;
import java.util.List;

/** Reads what the platform answered, as lines for a terminal. */
final class Said {
  private Said() {}

  static String text(JsonObject json, String name) {
    String text = json.string(name);
    return text == null ? "" : Printable.line(text);
  }

  static long number(JsonObject json, String name) {
    Long number = json.integer(name);
    return number == null ? 0 : number;
  }

  static List<JsonObject> objects(JsonObject json, String name) {
    return json.array(name).stream()
        .filter(JsonObject.class::isInstance)
        .map(JsonObject.class::cast)
        .toList();
  }

  static List<String> texts(JsonObject json, String name) {
    return json.array(name).stream()
        .filter(JsonString.class::isInstance)
        .map(item -> Printable.line(((JsonString) item).text()))
        .toList();
  }
}
