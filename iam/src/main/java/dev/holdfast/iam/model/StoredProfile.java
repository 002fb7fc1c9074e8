// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An instance profile: what hands a role to a virtual machine at AWS.
 *
 * @param id {@code AIPA...}
 * @param role the name of its one role, or null
 */
public record StoredProfile(
    String name, String path, String id, Instant created, @Nullable String role) {

  public StoredProfile with(@Nullable String other) {
    return new StoredProfile(name, path, id, created, other);
  }

  public Arn arn(AccountId account) {
    return arn(account, path, name);
  }

  public static Arn arn(AccountId account, String path, String name) {
    return Arn.global("iam", account, "instance-profile" + path + name);
  }
}
