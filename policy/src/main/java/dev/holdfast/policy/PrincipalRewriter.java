// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.util.function.UnaryOperator;

/** Replaces the {@code AWS} entries of a document's Principal and NotPrincipal elements. */
final class PrincipalRewriter {
  private PrincipalRewriter() {}

  static JsonObject rewrite(JsonObject document, UnaryOperator<String> replacement) {
    JsonValue statements = document.get("Statement");
    return statements == null
        ? document
        : document.with("Statement", statements(statements, replacement));
  }

  private static JsonValue statements(JsonValue value, UnaryOperator<String> replacement) {
    return switch (value) {
      case JsonArray(var items) ->
          new JsonArray(items.stream().map(item -> statements(item, replacement)).toList());
      case JsonObject statement -> {
        JsonObject changed = statement;
        for (String element : new String[] {"Principal", "NotPrincipal"}) {
          JsonObject principal = statement.object(element);
          JsonValue aws = principal.get("AWS");
          if (aws != null) {
            changed = changed.with(element, principal.with("AWS", entries(aws, replacement)));
          }
        }
        yield changed;
      }
      default -> value;
    };
  }

  private static JsonValue entries(JsonValue value, UnaryOperator<String> replacement) {
    return switch (value) {
      case JsonArray(var items) ->
          new JsonArray(items.stream().map(item -> entries(item, replacement)).toList());
      case JsonString(var text) -> new JsonString(replacement.apply(text));
      default -> value;
    };
  }
}
