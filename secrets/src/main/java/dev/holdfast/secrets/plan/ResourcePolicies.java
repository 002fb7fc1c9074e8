// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.plan;

import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.policy.Context;
import dev.holdfast.policy.Decision;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.Request;
import dev.holdfast.service.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The checks before a resource policy is saved.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html">Resource-based
 *     policies</a>
 */
public final class ResourcePolicies {
  /** Condition keys that tell one account, network or principal from all others. */
  private static final Set<String> NARROWING =
      Set.of(
          "aws:principalarn",
          "aws:principalaccount",
          "aws:principalorgid",
          "aws:principalorgpaths",
          "aws:sourceaccount",
          "aws:sourcearn",
          "aws:sourceip",
          "aws:sourceorgid",
          "aws:sourcevpc",
          "aws:sourcevpce",
          "aws:userid",
          "aws:username");

  /** Operators that hold only where the key is there and equal. */
  private static final Set<String> EXACT =
      Set.of(
          "stringequals",
          "stringequalsignorecase",
          "stringlike",
          "arnequals",
          "arnlike",
          "ipaddress");

  private static final NamedPolicy ALLOW_ALL =
      new NamedPolicy(
          "allow-all",
          PolicyDocument.parse(
              """
              {"Version":"2012-10-17",
               "Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""",
              PolicyDocument.Kind.IDENTITY));

  private ResourcePolicies() {}

  /**
   * Whether a policy lets anybody in: a statement allows everyone, and no condition holds those it
   * lets in to fixed values.
   *
   * @param text a document that parses
   */
  public static boolean open(String text) {
    return items(Json.parseObject(text).get("Statement")).anyMatch(ResourcePolicies::opens);
  }

  private static boolean opens(JsonValue item) {
    return item instanceof JsonObject statement
        && "Allow".equals(statement.string("Effect"))
        && (statement.get("NotPrincipal") != null || everyone(statement.get("Principal")))
        && !narrowed(statement.get("Condition"));
  }

  private static boolean everyone(@Nullable JsonValue principal) {
    return switch (principal) {
      case JsonString(var text) -> text.equals("*");
      case JsonObject kinds ->
          items(kinds.get("AWS"))
              .anyMatch(entry -> entry instanceof JsonString(var text) && text.equals("*"));
      case null, default -> false;
    };
  }

  private static boolean narrowed(@Nullable JsonValue condition) {
    if (!(condition instanceof JsonObject operators)) {
      return false;
    }
    for (Map.Entry<String, JsonValue> operator : operators.members().entrySet()) {
      if (EXACT.contains(operator.getKey().toLowerCase(Locale.ROOT))
          && operator.getValue() instanceof JsonObject keys
          && keys.members().entrySet().stream().anyMatch(ResourcePolicies::narrows)) {
        return true;
      }
    }
    return false;
  }

  private static boolean narrows(Map.Entry<String, JsonValue> key) {
    return NARROWING.contains(key.getKey().toLowerCase(Locale.ROOT))
        && items(key.getValue())
            .allMatch(
                value ->
                    value instanceof JsonString(var text)
                        && text.indexOf('*') < 0
                        && text.indexOf('?') < 0
                        && !text.endsWith("/0"));
  }

  private static Stream<JsonValue> items(@Nullable JsonValue value) {
    return switch (value) {
      case null -> Stream.empty();
      case JsonArray(var items) -> items.stream();
      default -> Stream.of(value);
    };
  }

  /** Whether whoever saves a policy could not change it any more, because it denies that. */
  public static boolean locksOut(Principal principal, Arn secret, PolicyDocument policy) {
    String account = principal.account().digits();
    var context =
        Context.builder()
            .put("aws:PrincipalArn", principal.identity().arn().toString())
            .put("aws:PrincipalAccount", account)
            .put("aws:userid", principal.userId());
    principal.tags().forEach((name, value) -> context.put("aws:PrincipalTag/" + name, value));
    var request =
        new Request(
            principal.caller(),
            "secretsmanager:PutResourcePolicy",
            secret.toString(),
            secret.account(),
            context.build());
    Policies policies =
        Policies.ofIdentity(List.of(ALLOW_ALL))
            .withResource(new NamedPolicy(secret.toString(), policy), Gate.NONE);
    return Evaluator.decide(policies, request) instanceof Decision.ExplicitDeny;
  }
}
