// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of a parameter.
 *
 * @param version from 1
 * @param value the text; of a SecureString the base64 of its ciphertext
 * @param keyId of a SecureString: the key as the request named it
 * @param modifiedBy the ARN of whoever wrote this version
 */
public record StoredParameter(
    AccountId account,
    Region region,
    String name,
    ParameterType type,
    Tier tier,
    long version,
    String value,
    @Nullable String keyId,
    @Nullable String description,
    @Nullable String allowedPattern,
    Instant modified,
    String modifiedBy) {

  public Arn arn() {
    return ParameterName.arn(account, region, name);
  }

  /** A copy as another version. */
  public StoredParameter at(long number) {
    return new StoredParameter(
        account,
        region,
        name,
        type,
        tier,
        number,
        value,
        keyId,
        description,
        allowedPattern,
        modified,
        modifiedBy);
  }

  @Override
  public String toString() {
    return "StoredParameter[" + arn() + ", version=" + version + ", value=***]";
  }
}
