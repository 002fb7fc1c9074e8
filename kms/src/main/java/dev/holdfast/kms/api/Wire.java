// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.kms.GrantConstraints;
import dev.holdfast.aws.kms.KeyMetadata;
import dev.holdfast.aws.kms.KmsError;
import dev.holdfast.aws.kms.Tag;
import dev.holdfast.kit.Arn;
import dev.holdfast.kms.model.Alias;
import dev.holdfast.kms.model.Grant;
import dev.holdfast.kms.model.KeyState;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.kms.plan.KeyPolicies;
import dev.holdfast.policy.MalformedPolicy;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.service.Call;
import dev.holdfast.service.Tags;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** State as KMS shows it, and the errors that several operations share. */
final class Wire {
  private static final Pattern ALIAS = Pattern.compile("alias/[a-zA-Z0-9/_-]+");

  private Wire() {}

  static KeyMetadata metadata(KmsKey key) {
    return KeyMetadata.builder()
        .awsAccountId(key.account().digits())
        .keyId(key.id())
        .arn(key.arn().toString())
        .creationDate(key.created())
        .enabled(key.state() == KeyState.ENABLED)
        .description(key.description())
        .keyUsage("ENCRYPT_DECRYPT")
        .keyState(key.state().wire())
        .deletionDate(key.deletion())
        .origin("AWS_KMS")
        .keyManager(key.manager().name())
        .customerMasterKeySpec(Cryptography.ALGORITHM)
        .keySpec(Cryptography.ALGORITHM)
        .encryptionAlgorithms(List.of(Cryptography.ALGORITHM))
        .multiRegion(false)
        .build();
  }

  static Map<String, String> tags(List<Tag> tags) {
    return Tags.map(tags, Tag::tagKey, Tag::tagValue);
  }

  /** Refuses tags that no resource may have. */
  static void requireTags(Map<String, String> given) {
    Tags.fault(given)
        .ifPresent(
            fault -> {
              throw new ApiError(KmsError.TAG, fault);
            });
  }

  /** A grant's constraint, or null where it has none. */
  static Grant.@Nullable Constraint constraint(@Nullable GrantConstraints given) {
    if (given == null) {
      return null;
    }
    boolean equal = !given.encryptionContextEquals().isEmpty();
    boolean subset = !given.encryptionContextSubset().isEmpty();
    if (equal && subset) {
      throw invalid(
          "a grant has one constraint: either EncryptionContextEquals or"
              + " EncryptionContextSubset");
    }
    if (equal) {
      return new Grant.Constraint(Grant.Likeness.EQUALS, given.encryptionContextEquals());
    }
    if (!subset) {
      throw invalid("a grant constraint names at least one pair of an encryption context");
    }
    return new Grant.Constraint(Grant.Likeness.SUBSET, given.encryptionContextSubset());
  }

  static @Nullable GrantConstraints constraints(Grant.@Nullable Constraint constraint) {
    if (constraint == null) {
      return null;
    }
    var shown = GrantConstraints.builder();
    return constraint.likeness() == Grant.Likeness.EQUALS
        ? shown.encryptionContextEquals(constraint.pairs()).build()
        : shown.encryptionContextSubset(constraint.pairs()).build();
  }

  /** The only name a key policy can have. */
  static final String DEFAULT_POLICY = "default";

  static void requireDefault(@Nullable String policyName) {
    if (policyName != null && !policyName.equals(DEFAULT_POLICY)) {
      throw KmsError.NOT_FOUND.because("No such policy exists");
    }
  }

  /** A key policy that may be saved. */
  static PolicyDocument policy(String text) {
    try {
      return PolicyDocument.admit(text, PolicyDocument.Kind.RESOURCE);
    } catch (MalformedPolicy e) {
      throw new ApiError(KmsError.MALFORMED_POLICY_DOCUMENT, e.getMessage() + " " + e.detail());
    }
  }

  /** Refuses a key policy that its writer could not change again, unless told not to. */
  static void checkLockout(Call call, Arn key, PolicyDocument policy, @Nullable Boolean bypass) {
    if (!Boolean.TRUE.equals(bypass)
        && !KeyPolicies.staysChangeable(call.principal(), key, policy)) {
      throw KmsError.MALFORMED_POLICY_DOCUMENT.because(
          "The new key policy will not allow you to update the key policy in the future.");
    }
  }

  /** Refuses names that callers may not give an alias. */
  static void requireAliasName(String name) {
    if (!name.startsWith(Alias.PREFIX)) {
      throw invalid(
          "Alias must start with the prefix \"alias/\". Please see"
              + " https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html");
    }
    if (!ALIAS.matcher(name).matches()) {
      throw KmsError.INVALID_ALIAS_NAME.because(
          "%s contains invalid characters for an alias", name);
    }
    if (name.startsWith(Alias.MANAGED_PREFIX)) {
      throw KmsError.INVALID_ALIAS_NAME.because(
          "%s: names that begin with alias/aws/ are reserved for AWS managed keys", name);
    }
  }

  static Alias requireAlias(View view, Call call, String name) {
    Alias alias = KmsTables.alias(view, call.account(), call.region(), name);
    if (alias == null) {
      throw KmsError.NOT_FOUND.because(
          "Alias %s is not found.", Alias.arn(call.account(), call.region(), name));
    }
    return alias;
  }

  /** How long a data key is, in bytes. */
  static int dataKeyLength(@Nullable String keySpec, @Nullable Integer numberOfBytes) {
    if ((keySpec == null) == (numberOfBytes == null)) {
      throw invalid("Please specify either number of bytes or key spec.");
    }
    if (numberOfBytes != null) {
      return numberOfBytes;
    }
    return "AES_128".equals(keySpec) ? 16 : 32;
  }

  static ApiError invalid(String text) {
    return new ApiError(CommonError.VALIDATION.in(Protocol.JSON), text);
  }

  static ApiError invalidMarker() {
    return KmsError.INVALID_MARKER.because("the marker is not one of this listing");
  }
}
