// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One version of a secret, without its value.
 *
 * @param id the request's idempotency token, 32 to 64 characters
 * @param stages the staging labels that are attached; none makes the version deprecated
 * @param accessed the day it was last read, or null
 * @param keyId the KMS key that encrypts it as it was named, or null for the AWS-managed one
 */
public record SecretVersion(
    String id,
    List<String> stages,
    Instant created,
    @Nullable Instant accessed,
    @Nullable String keyId) {
  public SecretVersion {
    stages = List.copyOf(stages);
  }

  /** This version with other stages. */
  public SecretVersion at(List<String> others) {
    return new SecretVersion(id, others, created, accessed, keyId);
  }

  /** This version, read on that day. */
  public SecretVersion readOn(Instant day) {
    return new SecretVersion(id, stages, created, day, keyId);
  }

  /** This version, encrypted under another key. */
  public SecretVersion under(@Nullable String otherKey) {
    return new SecretVersion(id, stages, created, accessed, otherKey);
  }
}
