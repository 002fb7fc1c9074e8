// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.model;

/**
 * The value of one version, encrypted under a data key of its own.
 *
 * @param dataKey the data key as KMS encrypted it, in base64
 * @param sealed the encrypted value, in base64
 * @param binary whether it was given as {@code SecretBinary}
 */
public record SealedValue(String dataKey, String sealed, boolean binary) {
  @Override
  public String toString() {
    return "SealedValue[***]";
  }
}
