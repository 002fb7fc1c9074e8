// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.denials;

import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A decoded authorization message as a person reads it.
 *
 * @param message AWS's JSON
 * @see <a
 *     href="https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html">
 *     DecodeAuthorizationMessage</a>
 */
record DecodedDenial(JsonObject message) {

  String text() {
    JsonObject context = message.object("context");
    var text = new StringBuilder();
    line(text, "denied", said(context, "action"));
    line(text, "on", said(context, "resource"));
    line(text, "to", said(context.object("principal"), "arn"));
    if (message.get("explicitDeny") instanceof JsonBool(boolean explicit) && explicit) {
      line(text, "because", "a statement denies it");
      items(message, "matchedStatements").forEach(statement -> denying(text, statement));
    } else {
      line(text, "because", "no statement allows it");
    }
    List<JsonObject> values = items(context, "conditions");
    if (!values.isEmpty()) {
      text.append("what was compared:\n");
      values.forEach(
          key ->
              text.append("  ")
                  .append(said(key, "key"))
                  .append(" = ")
                  .append(values(key, "values"))
                  .append('\n'));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String title, String said) {
    text.append(title).append(": ").append(said).append('\n');
  }

  private static void denying(StringBuilder text, JsonObject statement) {
    String id = said(statement, "statementId");
    text.append("  ")
        .append(id.isEmpty() ? "one without a Sid" : id)
        .append(": ")
        .append(values(statement, "actions"))
        .append(" on ")
        .append(values(statement, "resources"))
        .append('\n');
  }

  private static String said(JsonObject object, String member) {
    return Objects.requireNonNullElse(object.string(member), "");
  }

  private static List<JsonObject> items(JsonObject object, String member) {
    return object.object(member).array("items").stream()
        .filter(JsonObject.class::isInstance)
        .map(JsonObject.class::cast)
        .toList();
  }

  private static String values(JsonObject object, String member) {
    return items(object, member).stream()
        .map(item -> said(item, "value"))
        .collect(Collectors.joining(", "));
  }

  static DecodedDenial of(JsonValue message) {
    return new DecodedDenial(message instanceof JsonObject object ? object : JsonObject.EMPTY);
  }
}
