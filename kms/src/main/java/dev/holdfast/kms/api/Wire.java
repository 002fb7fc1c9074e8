// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.kms.KeyMetadata;
import dev.holdfast.aws.kms.KmsError;
import dev.holdfast.aws.kms.Tag;
import dev.holdfast.kms.model.KeyState;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.service.Tags;
import java.util.List;
import java.util.Map;

/** State as KMS shows it, and the errors that several operations share. */
final class Wire {
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

  static ApiError invalid(String text) {
    return new ApiError(CommonError.VALIDATION.in(Protocol.JSON), text);
  }

  static ApiError invalidMarker() {
    return KmsError.INVALID_MARKER.because("the marker is not one of this listing");
  }
}
