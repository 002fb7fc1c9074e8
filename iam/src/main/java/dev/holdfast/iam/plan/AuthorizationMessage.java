// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import dev.holdfast.policy.Decision.ExplicitDeny;
import dev.holdfast.policy.Explanation;
import dev.holdfast.policy.Explanation.Finding;
import dev.holdfast.policy.Explanation.KeyRead;
import dev.holdfast.policy.Request;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a denial as DecodeAuthorizationMessage shows it. Of a resource of another account it tells
 * what the caller said alone: neither its policy nor its tags are the caller's to read.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html">
 *     DecodeAuthorizationMessage</a>
 */
public final class AuthorizationMessage {
  /** What a call says may be long; a few values, and the beginning of them, tell enough. */
  private static final int MOST_VALUES = 20;

  private static final int LONGEST = 1024;

  /** Characters of a resource's name. */
  private static final int LONGEST_NAME = 2048;

  /** Characters of what is told of statements, and of conditions: the first that fit are. */
  private static final int MOST_STATEMENTS = 16 * 1024;

  private static final int MOST_CONDITIONS = 32 * 1024;

  private AuthorizationMessage() {}

  public static String of(Principal principal, Request request, Explanation explanation) {
    boolean own = principal.account().digits().equals(request.resourceAccount());
    boolean explicit = explanation.decision() instanceof ExplicitDeny;
    var matched = new Told(MOST_STATEMENTS);
    var conditions = new Told(MOST_CONDITIONS);
    if (own) {
      if (explicit) {
        for (Finding finding : explanation.deciding()) {
          if (!matched.add(statement(finding, request))) {
            break;
          }
        }
      }
      explanation.keys().forEach(key -> condition(key, conditions));
    }
    String resource = own || !hidden(request) ? request.resource() : "*";
    boolean told = own && explicit;
    return text(principal, request.action(), resource, told, matched.items(), conditions.items());
  }

  /** The first of what is told that fit; what comes after one that does not is left out too. */
  private static final class Told {
    private final List<JsonValue> items = new ArrayList<>();
    private int left;

    Told(int room) {
      left = room;
    }

    /** Whether it fits. */
    boolean add(JsonObject item) {
      left -= Json.text(item).length();
      return left >= 0 && items.add(item);
    }

    List<JsonValue> items() {
      return items;
    }
  }

  /**
   * A refusal by a guardrail, as if a statement of its name denied. What it compared are tags; of a
   * resource of another account they are not told.
   *
   * @param guardrail its name, or empty where that is not known
   */
  public static String ofGuardrail(
      Principal principal, Demand demand, String guardrail, Map<String, String> tags) {
    boolean own = demand.owner() == null || demand.owner().equals(principal.account());
    var conditions = new Told(MOST_CONDITIONS);
    new TreeMap<>(principal.tags())
        .forEach((k, v) -> condition(new KeyRead("aws:PrincipalTag/" + k, List.of(v)), conditions));
    if (own) {
      new TreeMap<>(tags)
          .forEach(
              (k, v) -> condition(new KeyRead("aws:ResourceTag/" + k, List.of(v)), conditions));
    }
    boolean hidden = !own && demand.action().startsWith("kms:");
    String resource = hidden ? "*" : demand.resource();
    JsonObject statement =
        statement(
            "guardrail " + guardrail, principal.caller().principalArn(), demand.action(), resource);
    return text(principal, demand.action(), resource, true, List.of(statement), conditions.items());
  }

  private static String text(
      Principal principal,
      String action,
      String resource,
      boolean explicit,
      List<? extends JsonValue> denying,
      List<JsonValue> conditions) {
    JsonObject context =
        new JsonObject.Builder()
            .with("principal", principal(principal))
            .with("action", action)
            .with("resource", Printable.clipped(resource, LONGEST_NAME))
            .with("conditions", items(conditions))
            .build();
    return Json.text(
        new JsonObject.Builder()
            .with("allowed", false)
            .with("explicitDeny", explicit)
            .with("matchedStatements", items(denying))
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
    return statement(
        sid == null ? "" : Printable.clipped(sid, LONGEST),
        request.caller().principalArn(),
        request.action(),
        request.resource());
  }

  private static JsonObject statement(String id, String principal, String action, String resource) {
    return new JsonObject.Builder()
        .with("statementId", id)
        .with("effect", "DENY")
        .with("principals", items(List.of(value(principal))))
        .with("principalGroups", items(List.of()))
        .with("actions", items(List.of(value(action))))
        .with("resources", items(List.of(value(Printable.clipped(resource, LONGEST_NAME)))))
        .with("conditions", items(List.of()))
        .build();
  }

  private static void condition(KeyRead key, Told conditions) {
    List<String> values = key.values();
    if (values != null) {
      var _ =
          conditions.add(
              new JsonObject.Builder()
                  .with("key", key.key())
                  .with(
                      "values",
                      items(
                          values.stream()
                              .limit(MOST_VALUES)
                              .<JsonValue>map(text -> value(Printable.clipped(text, LONGEST)))
                              .toList()))
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
