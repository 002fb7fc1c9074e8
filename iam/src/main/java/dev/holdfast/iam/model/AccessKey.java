// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import dev.holdfast.kit.AccountId;
import java.time.Instant;

/**
 * A user's long-term key. Signature Version 4 needs the secret itself; the store seals it.
 *
 * @param id {@code AKIA...}
 * @param restored whether it was active in a backup that was restored, and nobody has confirmed it
 *     since; such a key is not active
 */
public record AccessKey(
    String id,
    AccountId account,
    String userName,
    String userId,
    String secret,
    boolean active,
    Instant created,
    boolean restored) {
  /** The most keys a user may have. */
  public static final int MOST = 2;

  /** This key as somebody decided who knows it now. */
  public AccessKey with(boolean nowActive) {
    return new AccessKey(id, account, userName, userId, secret, nowActive, created, false);
  }

  /** This key out of a backup: nobody can know whether it was revoked since. */
  public AccessKey outOfBackup() {
    return new AccessKey(id, account, userName, userId, secret, false, created, active || restored);
  }

  /** This key as a user's. */
  public AccessKey of(String user, String uniqueId) {
    return new AccessKey(id, account, user, uniqueId, secret, active, created, restored);
  }

  public String status() {
    return active ? "Active" : "Inactive";
  }

  @Override
  public String toString() {
    return "AccessKey[" + id + ", " + status() + "]";
  }
}
