// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import java.time.Instant;

/**
 * A second name of a key.
 *
 * @param name with its prefix {@code alias/}
 */
public record Alias(Region region, String name, String keyId, Instant created, Instant updated) {
  /** What every alias begins with. */
  public static final String PREFIX = "alias/";

  /** What the aliases of AWS-managed keys begin with. */
  public static final String MANAGED_PREFIX = "alias/aws/";

  public Arn arn(AccountId account) {
    return arn(account, region, name);
  }

  public static Arn arn(AccountId account, Region region, String name) {
    return Arn.of("kms", region, account, name);
  }
}
