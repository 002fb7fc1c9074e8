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
 * @param rotation as its owner asked for it, or null; see {@link #schedule}
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
    List<KeyMaterial> materials,
    @Nullable Rotation rotation) {
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

  /**
   * When the key rotates by itself, or null where it does not. AWS-managed keys do every year; keys
   * that are about to go do not.
   */
  public @Nullable Rotation schedule() {
    if (state == KeyState.PENDING_DELETION) {
      return null;
    }
    if (manager == KeyManager.CUSTOMER || materials.isEmpty()) {
      return rotation;
    }
    Instant since = materials.getLast().since();
    return Rotation.after(since == null ? created : since, Rotation.DEFAULT_DAYS);
  }

  /** How often the key was rotated on demand. */
  public long rotatedOnDemand() {
    return materials.stream().filter(m -> m.version() > 1 && !m.scheduled()).count();
  }

  /** A copy in another state. */
  public KmsKey in(KeyState next, @Nullable Instant deletionDate) {
    return copy(next, deletionDate, description, policy, materials, rotation);
  }

  /** A copy that encrypts with newer material. */
  public KmsKey rotated(KeyMaterial fresh) {
    var all = new ArrayList<>(materials);
    all.add(fresh);
    return copy(state, deletion, description, policy, all, rotation);
  }

  /** A copy that rotates by itself, or no more. */
  public KmsKey with(@Nullable Rotation when) {
    return copy(state, deletion, description, policy, materials, when);
  }

  /** A copy under another key policy. */
  public KmsKey under(String keyPolicy) {
    return copy(state, deletion, description, keyPolicy, materials, rotation);
  }

  /** A copy with another description. */
  public KmsKey described(String text) {
    return copy(state, deletion, text, policy, materials, rotation);
  }

  private KmsKey copy(
      KeyState inState,
      @Nullable Instant goes,
      String text,
      String keyPolicy,
      List<KeyMaterial> all,
      @Nullable Rotation when) {
    return new KmsKey(
        account, region, id, manager, inState, created, goes, text, keyPolicy, all, when);
  }
}
