// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.model;

/** The Ed25519 key pair that signs the chain's head: PKCS#8 and X.509 in base64. */
public record SigningKey(String privateKey, String publicKey) {
  @Override
  public String toString() {
    return "SigningKey[***]";
  }
}
