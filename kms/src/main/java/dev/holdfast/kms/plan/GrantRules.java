// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.plan;

import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kms.model.Grant;
import dev.holdfast.kms.model.Grant.Constraint;
import dev.holdfast.kms.model.Grant.Likeness;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a grant may say, and for which calls it speaks.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations">Grant
 *     operations</a>
 */
public final class GrantRules {
  /** What may be granted on a symmetric encryption key. */
  public static final List<String> OPERATIONS =
      List.of(
          "Decrypt",
          "Encrypt",
          "GenerateDataKey",
          "GenerateDataKeyWithoutPlaintext",
          "ReEncryptFrom",
          "ReEncryptTo",
          "CreateGrant",
          "RetireGrant",
          "DescribeKey",
          "GenerateDataKeyPair",
          "GenerateDataKeyPairWithoutPlaintext");

  /** Those of them that have no encryption context, so that no constraint on one keeps them. */
  private static final Set<String> WITHOUT_CONTEXT =
      Set.of("CreateGrant", "RetireGrant", "DescribeKey");

  /** How many pairs a constraint has at most. */
  public static final int MOST_PAIRS = 8;

  /** How long a value of a constraint is at most. */
  public static final int LONGEST_VALUE = 384;

  private GrantRules() {}

  /** What is wrong with a constraint, in words for its maker. */
  public static Optional<String> fault(@Nullable Constraint constraint) {
    if (constraint == null) {
      return Optional.empty();
    }
    if (constraint.pairs().isEmpty()) {
      return Optional.of("a grant constraint names at least one pair of an encryption context");
    }
    if (constraint.pairs().size() > MOST_PAIRS) {
      return Optional.of("a grant constraint has at most " + MOST_PAIRS + " pairs");
    }
    return constraint.pairs().values().stream().anyMatch(v -> v.length() > LONGEST_VALUE)
        ? Optional.of("a value of a grant constraint has at most " + LONGEST_VALUE + " characters")
        : Optional.empty();
  }

  /** Whether an ARN is of an account, a user, a role, or a session of either. */
  public static boolean namesPrincipal(Arn arn) {
    String resource = arn.resource();
    if (!arn.region().isEmpty() || !arn.partition().equals("aws")) {
      return false;
    }
    return switch (arn.service()) {
      case "iam" ->
          resource.equals("root")
              || (resource.matches("(user|role)/.*[^/]") && !resource.contains("//"));
      case "sts" -> resource.matches("assumed-role/[^/]+/[^/]+|federated-user/[^/]+");
      default -> false;
    };
  }

  /** Whether a grant speaks for an operation with this encryption context. */
  public static boolean speaksFor(Grant grant, String operation, Map<String, String> context) {
    Constraint constraint = grant.constraint();
    return grant.operations().contains(operation)
        && (constraint == null || WITHOUT_CONTEXT.contains(operation) || constraint.holds(context));
  }

  /**
   * Whether whoever may make grants by {@code parent} may make one of these operations under this
   * constraint: no operation more, and a constraint as strict.
   */
  public static boolean within(
      List<String> operations, @Nullable Constraint constraint, Grant parent) {
    return parent.operations().contains("CreateGrant")
        && new HashSet<>(parent.operations()).containsAll(operations)
        && asStrict(constraint, parent.constraint());
  }

  private static boolean asStrict(@Nullable Constraint wanted, @Nullable Constraint parent) {
    if (parent == null) {
      return true;
    }
    if (wanted == null) {
      return false;
    }
    return parent.likeness() == Likeness.EQUALS
        ? wanted.equals(parent)
        : parent.holds(wanted.pairs());
  }

  /** A policy by which these principals may do one thing with a key. */
  public static String allow(List<String> arns, String action) {
    return Json.text(
        JsonObject.EMPTY
            .with("Version", "2012-10-17")
            .with(
                "Statement",
                JsonObject.EMPTY
                    .with("Effect", "Allow")
                    .with("Principal", JsonObject.EMPTY.with("AWS", JsonArray.ofStrings(arns)))
                    .with("Action", action)
                    .with("Resource", "*")));
  }
}
