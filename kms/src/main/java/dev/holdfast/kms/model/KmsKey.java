// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A symmetric encryption key.
 *
 * @param id a UUID
 * @param deletion when it goes, or null where that is not scheduled
 * @param policy the key policy's text
 * @param materials oldest first; the newest encrypts, all decrypt
 */
public record KmsKey(
    AccountId account,
    Region region,
    String id,
    KeyManager manager,
    KeyState state,
    Instant created,
    @Nullable Instant deletion,
    String description,
    String policy,
    List<KeyMaterial> materials) {
  public KmsKey {
    materials = List.copyOf(materials);
  }

  public Arn arn() {
    return arn(account, region, id);
  }

  public static Arn arn(AccountId account, Region region, String id) {
    return Arn.of("kms", region, account, "key/" + id);
  }

  /** Whether the waiting period of a scheduled deletion has ended: the key is no more. */
  public boolean goneAt(Instant now) {
    return deletion != null && !now.isBefore(deletion);
  }

  /** A copy in another state. */
  public KmsKey in(KeyState next, @Nullable Instant deletionDate) {
    return new KmsKey(
        account, region, id, manager, next, created, deletionDate, description, policy, materials);
  }

  /** A copy that encrypts with newer material. */
  public KmsKey rotated(KeyMaterial fresh) {
    var all = new ArrayList<>(materials);
    all.add(fresh);
    return new KmsKey(
        account, region, id, manager, state, created, deletion, description, policy, all);
  }

  /** A copy under another key policy. */
  public KmsKey under(String keyPolicy) {
    return new KmsKey(
        account, region, id, manager, state, created, deletion, description, keyPolicy, materials);
  }
}
