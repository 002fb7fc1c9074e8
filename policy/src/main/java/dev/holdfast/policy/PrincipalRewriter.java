// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;

/** Replaces the {@code AWS} entries of a document's Principal and NotPrincipal elements. */
final class PrincipalRewriter {
  private PrincipalRewriter() {}

  static JsonObject rewrite(JsonObject document, PolicyDocument.Renaming replacement) {
    JsonValue statements = document.get("Statement");
    return statements == null
        ? document
        : document.with("Statement", statements(statements, replacement));
  }

  private static JsonValue statements(JsonValue value, PolicyDocument.Renaming replacement) {
    return switch (value) {
      case JsonArray(var items) ->
          new JsonArray(items.stream().map(item -> statements(item, replacement)).toList());
      case JsonObject statement -> {
        JsonObject changed = statement;
        boolean allows = "Allow".equals(statement.string("Effect"));
        for (String element : new String[] {"Principal", "NotPrincipal"}) {
          boolean granting = allows == element.equals("Principal");
          JsonObject principal = statement.object(element);
          JsonValue aws = principal.get("AWS");
          if (aws != null) {
            changed =
                changed.with(element, principal.with("AWS", entries(aws, granting, replacement)));
          }
        }
        yield changed;
      }
      default -> value;
    };
  }

  private static JsonValue entries(
      JsonValue value, boolean granting, PolicyDocument.Renaming replacement) {
    return switch (value) {
      case JsonArray(var items) ->
          new JsonArray(items.stream().map(item -> entries(item, granting, replacement)).toList());
      case JsonString(var text) -> new JsonString(replacement.of(text, granting));
      default -> value;
    };
  }
}
