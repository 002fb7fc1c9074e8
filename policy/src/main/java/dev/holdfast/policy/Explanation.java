// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decision with its reasons, for those who may read the policies.
 *
 * @param findings every statement that covers the action, in the order of layers
 * @param keys the condition keys read, in the order of reading
 * @param smallestStatement the least statement, as JSON, that would let this very request pass in
 *     the layer that lacks one; null where the request is allowed or a Deny must go first
 */
public record Explanation(
    Decision decision,
    List<Finding> findings,
    List<KeyRead> keys,
    @Nullable String smallestStatement) {

  public Explanation {
    findings = List.copyOf(findings);
    keys = List.copyOf(keys);
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
   * A statement that covers the action, and what became of it.
   *
   * @param failed the condition that did not hold, such as {@code StringEquals aws:RequestTag/env}
   */
  public record Finding(
      Layer layer, Match match, Effect effect, Reason reason, @Nullable String failed) {}

  /**
   * A condition key that was read.
   *
   * @param values null where the request does not carry it
   */
  public record KeyRead(String key, @Nullable List<String> values) {}
}
