// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.sts;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.sts.PolicyDescriptorType;
import dev.holdfast.aws.sts.StsError;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.PolicyTexts;
import dev.holdfast.kit.AccountId;
import dev.holdfast.policy.MalformedPolicy;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The session policies and tags of a request, within their limits.
 *
 * @param packedSize percent of what may be packed, or null where there is nothing to pack
 */
record SessionLimits(
    @Nullable String policy, List<String> policyArns, @Nullable Integer packedSize) {
  private static final int MOST_POLICIES = 10;
  private static final int MOST_CHARACTERS = 2048;

  /** Policies and tags together, as they are packed; AWS tells of its measure only a percentage. */
  private static final int MOST_PACKED = 8192;

  /**
   * Weighs what a request gives.
   *
   * @param given the tags that the session is to have
   * @throws ApiError MalformedPolicyDocument or PackedPolicyTooLarge
   */
  static SessionLimits of(
      @Nullable String policy, List<PolicyDescriptorType> policies, Map<String, String> given) {
    List<String> arns =
        policies.stream()
            .map(PolicyDescriptorType::arn)
            .filter(Objects::nonNull)
            .map(String::valueOf)
            .toList();
    if (arns.size() > MOST_POLICIES) {
      throw StsWire.invalid("at most %d managed policies may limit a session", MOST_POLICIES);
    }
    int characters = arns.stream().mapToInt(String::length).sum();
    if (policy != null) {
      characters += size(policy);
    }
    int tags =
        given.entrySet().stream()
            .mapToInt(tag -> tag.getKey().length() + tag.getValue().length())
            .sum();
    if (characters > MOST_CHARACTERS) {
      throw StsError.PACKED_POLICY_TOO_LARGE.because(
          "Packed policy consumes %d%% of allotted space, please use smaller policy.",
          100 * characters / MOST_CHARACTERS);
    }
    int all = characters + tags;
    if (all > MOST_PACKED) {
      throw StsError.PACKED_POLICY_TOO_LARGE.because(
          "Packed size of session tags consumes %d%% of allotted space.",
          Math.ceilDiv(100 * all, MOST_PACKED));
    }
    return new SessionLimits(policy, arns, all == 0 ? null : Math.max(1, 100 * all / MOST_PACKED));
  }

  private static int size(String policy) {
    try {
      return PolicyDocument.admit(policy, PolicyDocument.Kind.SESSION).size();
    } catch (MalformedPolicy e) {
      throw new ApiError(StsError.MALFORMED_POLICY_DOCUMENT, PolicyTexts.text(e));
    }
  }

  /** Refuses managed policies that the role's account does not have; the number there are. */
  int requirePolicies(View view, AccountId account) {
    for (String arn : policyArns) {
      if (Directory.policy(view, account, arn).isEmpty()) {
        throw StsWire.invalid("Policy %s does not exist or is not attachable.", arn);
      }
    }
    return policyArns.size();
  }
}
