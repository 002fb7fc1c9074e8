// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.plan;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.policy.MalformedPolicy;
import dev.holdfast.policy.PolicyDocument;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the policy of a parameter may say: it shares the parameter for reading, and does nothing
 * else.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html">Shared
 *     parameters</a>
 */
public final class SharingRules {
  /** The longest policy, in characters. */
  public static final int LONGEST = 20_480;

  /** What another account may do with a parameter that is shared with it. */
  private static final Set<String> ACTIONS =
      Set.of(
          "ssm:getparameter",
          "ssm:getparameters",
          "ssm:getparameterhistory",
          "ssm:describeparameters");

  private SharingRules() {}

  /** What is wrong with a policy, or empty where it may be saved. */
  public static Optional<String> fault(String text) {
    if (text.length() > LONGEST) {
      return Optional.of("the policy has more than " + LONGEST + " characters");
    }
    try {
      PolicyDocument.admit(text, PolicyDocument.Kind.RESOURCE);
    } catch (MalformedPolicy e) {
      return Optional.of((e.getMessage() + " " + e.detail()).strip());
    }
    return items(Json.parseObject(text).get("Statement"))
        .map(SharingRules::faultOf)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> faultOf(JsonValue item) {
    if (!(item instanceof JsonObject statement) || !"Allow".equals(statement.string("Effect"))) {
      return Optional.of("a parameter's policy only allows; deny by the policies of identities");
    }
    if (statement.get("NotPrincipal") != null) {
      return Optional.of("a parameter's policy names its principals: NotPrincipal is refused");
    }
    if (everybody(statement.get("Principal"))) {
      return Optional.of("a parameter's policy names its principals: * is refused");
    }
    JsonValue actions = statement.get("Action");
    boolean reads =
        actions != null
            && items(actions)
                .allMatch(
                    action ->
                        action instanceof JsonString(var name)
                            && ACTIONS.contains(name.toLowerCase(Locale.ROOT)));
    return reads
        ? Optional.empty()
        : Optional.of(
            "a parameter is shared for ssm:GetParameter, ssm:GetParameters,"
                + " ssm:GetParameterHistory and ssm:DescribeParameters only");
  }

  /** Whether a Principal element, or any entry of its lists, means everybody. */
  private static boolean everybody(@Nullable JsonValue principal) {
    return principal instanceof JsonObject(var types)
        ? types.values().stream().anyMatch(SharingRules::everybody)
        : items(principal).anyMatch(new JsonString("*")::equals);
  }

  private static Stream<JsonValue> items(@Nullable JsonValue value) {
    return switch (value) {
      case null -> Stream.empty();
      case JsonArray(var items) -> items.stream();
      default -> Stream.of(value);
    };
  }
}
