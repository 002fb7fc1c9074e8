// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.model;

/**
 * One version of a key's 256-bit backing key, wrapped.
 *
 * @param version from 1
 * @param wrapped under the keyring, bound to account, region, key id and version
 */
@SuppressWarnings("ArrayRecordComponent")
public record KeyMaterial(int version, byte[] wrapped) {
  @Override
  public String toString() {
    return "KeyMaterial[" + version + "]";
  }
}
