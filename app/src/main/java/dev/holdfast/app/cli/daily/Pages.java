// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.daily;

import dev.holdfast.app.cli.Target;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;

/** Answers that come in pages, put together. */
final class Pages {
  private Pages() {}

  /**
   * All pages as one document.
   *
   * @param rows the member that holds the rows
   * @param most how many rows at most; what is left out is told by a member {@code next}
   */
  static JsonObject all(
      Target target, String path, Map<String, String> asked, String rows, int most) {
    var found = new ArrayList<JsonValue>();
    String after = "";
    while (true) {
      var query = new TreeMap<>(asked);
      query.put("after", after);
      JsonObject page = target.get(path + query(query));
      found.addAll(page.array(rows));
      String next = page.string("next");
      if (next == null || found.size() >= most) {
        boolean cut = next != null || found.size() > most;
        JsonObject whole =
            page.with(rows, new JsonArray(found.subList(0, Math.min(most, found.size()))));
        return cut ? whole.with("more", true) : whole;
      }
      after = next;
    }
  }

  static String query(Map<String, String> asked) {
    var text = new StringBuilder();
    asked.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            text.append(text.isEmpty() ? '?' : '&')
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
          }
        });
    return text.toString();
  }
}
