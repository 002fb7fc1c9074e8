// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A symmetric encryption key.
 *
 * @param id a UUID
 * @param deletion when it goes, or null where that is not scheduled
 * @param policy the key policy's text
 * @param principals the unique id that each ARN in it had when it was put
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
    Map<String, String> principals,
    List<KeyMaterial> materials,
    @Nullable Rotation rotation) {
  public KmsKey {
    principals = Collections.unmodifiableMap(new LinkedHashMap<>(principals));
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
    return copy(next, deletionDate, description, materials, rotation);
  }

  /** A copy that encrypts with newer material. */
  public KmsKey rotated(KeyMaterial fresh) {
    var all = new ArrayList<>(materials);
    all.add(fresh);
    return copy(state, deletion, description, all, rotation);
  }

  /** A copy that rotates by itself, or no more. */
  public KmsKey with(@Nullable Rotation when) {
    return copy(state, deletion, description, materials, when);
  }

  /** A copy under another key policy. */
  public KmsKey under(String keyPolicy, Map<String, String> named) {
    return new KmsKey(
        account,
        region,
        id,
        manager,
        state,
        created,
        deletion,
        description,
        keyPolicy,
        named,
        materials,
        rotation);
  }

  /** A copy with another description. */
  public KmsKey described(String text) {
    return copy(state, deletion, text, materials, rotation);
  }

  private KmsKey copy(
      KeyState inState,
      @Nullable Instant goes,
      String text,
      List<KeyMaterial> all,
      @Nullable Rotation when) {
    return new KmsKey(
        account, region, id, manager, inState, created, goes, text, policy, principals, all, when);
  }
}
