// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decision with its reasons, for those who may read the policies.
 *
 * @param looked every layer that took part, in order, also those that say nothing on the action
 * @param findings every statement that covers the action, in the order of layers
 * @param keys the condition keys read, in the order of reading
 * @param changes the least that would let this very request pass, a statement for each layer that
 *     lacks one; none where the request is allowed, or a Deny must go first
 */
public record Explanation(
    Decision decision,
    List<Looked> looked,
    List<Finding> findings,
    List<KeyRead> keys,
    List<Change> changes) {

  public Explanation {
    looked = List.copyOf(looked);
    findings = List.copyOf(findings);
    keys = List.copyOf(keys);
    changes = List.copyOf(changes);
  }

  /** The statements that matched and have the effect that decided. */
  public List<Finding> deciding() {
    Effect effect = decision instanceof Decision.ExplicitDeny ? Effect.DENY : Effect.ALLOW;
    return findings.stream()
        .filter(finding -> finding.reason() == Reason.MATCHED && finding.effect() == effect)
        .toList();
  }

  /** Why a statement did or did not apply. */
  public enum Reason {
    MATCHED,
    OTHER_PRINCIPAL,
    OTHER_RESOURCE,
    CONDITION_FAILED
  }

  /**
   * A layer that took part.
   *
   * @param policies the names of its policies; none where there is none
   */
  public record Looked(Layer layer, List<String> policies) {
    public Looked {
      policies = List.copyOf(policies);
    }
  }

  /**
   * A statement that covers the action, and what became of it.
   *
   * @param document that it stands in; names need not be unique
   * @param compared its conditions, where it came to them
   */
  public record Finding(
      Layer layer,
      Match match,
      PolicyDocument document,
      Effect effect,
      Reason reason,
      List<Compared> compared) {
    public Finding {
      compared = List.copyOf(compared);
    }
  }

  /**
   * A condition of a statement.
   *
   * @param operator as written, such as {@code StringEquals}
   * @param wanted the policy's values, as written
   * @param actual the request's values; null where it does not carry the key
   */
  public record Compared(
      String operator,
      String key,
      List<String> wanted,
      @Nullable List<String> actual,
      boolean holds) {
    public Compared {
      wanted = List.copyOf(wanted);
      actual = actual == null ? null : List.copyOf(actual);
    }
  }

  /**
   * A condition key that was read.
   *
   * @param values null where the request does not carry it
   */
  public record KeyRead(String key, @Nullable List<String> values) {}

  /**
   * A statement that is wanting.
   *
   * @param layer what kind of policy it belongs into
   * @param statement as JSON
   */
  public record Change(Layer layer, String statement) {}
}
