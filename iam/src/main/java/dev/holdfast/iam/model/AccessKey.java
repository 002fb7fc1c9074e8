// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import dev.holdfast.kit.AccountId;
import java.time.Instant;

/**
 * A user's long-term key. Signature Version 4 needs the secret itself; the store seals it.
 *
 * @param id {@code AKIA...}
 */
public record AccessKey(
    String id,
    AccountId account,
    String userName,
    String userId,
    String secret,
    boolean active,
    Instant created) {
  /** The most keys a user may have. */
  public static final int MOST = 2;

  public AccessKey with(boolean nowActive) {
    return new AccessKey(id, account, userName, userId, secret, nowActive, created);
  }

  /** This key as a user's. */
  public AccessKey of(String user, String uniqueId) {
    return new AccessKey(id, account, user, uniqueId, secret, active, created);
  }

  public String status() {
    return active ? "Active" : "Inactive";
  }

  @Override
  public String toString() {
    return "AccessKey[" + id + ", " + status() + "]";
  }
}
