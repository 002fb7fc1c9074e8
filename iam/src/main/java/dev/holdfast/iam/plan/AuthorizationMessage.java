// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.policy.Decision.ExplicitDeny;
import dev.holdfast.policy.Explanation;
import dev.holdfast.policy.Explanation.Finding;
import dev.holdfast.policy.Explanation.KeyRead;
import dev.holdfast.policy.Request;
import dev.holdfast.service.Principal;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a denial as DecodeAuthorizationMessage shows it. Of a resource of another account it tells
 * what the caller said alone: neither its policy nor its tags are the caller's to read.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html">
 *     DecodeAuthorizationMessage</a>
 */
public final class AuthorizationMessage {
  private AuthorizationMessage() {}

  public static String of(Principal principal, Request request, Explanation explanation) {
    boolean own = principal.account().digits().equals(request.resourceAccount());
    boolean explicit = explanation.decision() instanceof ExplicitDeny;
    var matched = new ArrayList<JsonValue>();
    var conditions = new ArrayList<JsonValue>();
    if (own) {
      if (explicit) {
        explanation.deciding().forEach(finding -> matched.add(statement(finding, request)));
      }
      explanation.keys().forEach(key -> condition(key, conditions));
    }
    JsonObject context =
        new JsonObject.Builder()
            .with("principal", principal(principal))
            .with("action", request.action())
            .with("resource", own || !hidden(request) ? request.resource() : "*")
            .with("conditions", items(conditions))
            .build();
    return Json.text(
        new JsonObject.Builder()
            .with("allowed", false)
            .with("explicitDeny", own && explicit)
            .with("matchedStatements", items(matched))
            .with("failures", items(List.of()))
            .with("context", context)
            .build());
  }

  /** An alias that the caller named would show the key of another account. */
  private static boolean hidden(Request request) {
    return request.action().startsWith("kms:");
  }

  private static JsonObject principal(Principal principal) {
    JsonObject.Builder json = new JsonObject.Builder().with("id", principal.userId());
    if (principal.identity().kind() == Principal.Kind.USER && principal.federatedName() == null) {
      json.with("name", principal.identity().name());
    }
    return json.with("arn", principal.arn().toString()).build();
  }

  private static JsonObject statement(Finding finding, Request request) {
    String sid = finding.match().sid();
    return new JsonObject.Builder()
        .with("statementId", sid == null ? "" : sid)
        .with("effect", "DENY")
        .with("principals", items(List.of(value(request.caller().principalArn()))))
        .with("principalGroups", items(List.of()))
        .with("actions", items(List.of(value(request.action()))))
        .with("resources", items(List.of(value(request.resource()))))
        .with("conditions", items(List.of()))
        .build();
  }

  private static void condition(KeyRead key, List<JsonValue> conditions) {
    List<String> values = key.values();
    if (values != null) {
      conditions.add(
          new JsonObject.Builder()
              .with("key", key.key())
              .with(
                  "values",
                  items(values.stream().<JsonValue>map(AuthorizationMessage::value).toList()))
              .build());
    }
  }

  private static JsonObject value(String text) {
    return JsonObject.EMPTY.with("value", text);
  }

  private static JsonObject items(List<? extends JsonValue> items) {
    return JsonObject.EMPTY.with("items", new JsonArray(List.copyOf(items)));
  }
}
