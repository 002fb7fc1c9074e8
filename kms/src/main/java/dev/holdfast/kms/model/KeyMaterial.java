// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of a key's 256-bit backing key, wrapped.
 *
 * @param version from 1
 * @param wrapped under the keyring, bound to account, region, key id and version
 * @param since when it took the place of older material; null where it is the first, or from before
 *     this was kept
 * @param scheduled whether it came by the key's {@link Rotation}, and not on demand
 */
@SuppressWarnings("ArrayRecordComponent")
public record KeyMaterial(int version, byte[] wrapped, @Nullable Instant since, boolean scheduled) {

  /** The first of a key. */
  public KeyMaterial(int version, byte[] wrapped) {
    this(version, wrapped, null, false);
  }

  /** This material as it takes the place of older. */
  public KeyMaterial since(Instant moment, boolean bySchedule) {
    return new KeyMaterial(version, wrapped, moment, bySchedule);
  }

  @Override
  public String toString() {
    return "KeyMaterial[" + version + "]";
  }
}
