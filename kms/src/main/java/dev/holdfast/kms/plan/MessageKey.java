// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.plan;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The AES-256 key of one blob, and the commitment to it: both come from the backing key and a nonce
 * by HKDF-SHA-256 (RFC 5869), with everything that the blob is bound to as info.
 *
 * <p>GCM alone does not say which key made a text: whoever chooses two keys can make one text that
 * opens under both. The commitment does. To open one blob under two keys, accounts, regions,
 * contexts or versions, two inputs of SHA-256 with the same hash are needed.
 */
@SuppressWarnings("ArrayRecordComponent")
record MessageKey(SecretKey key, byte[] commitment) {
  private static final byte[] KEY = ascii("holdfast kms 2 AES-256-GCM");
  private static final byte[] COMMITMENT = ascii("holdfast kms 2 commitment");
  private static final byte[] FORMER = ascii("holdfast kms 1 AES-256-GCM");
  private static final int KEY_BYTES = 32;

  /**
   * Derives both.
   *
   * @param bound what the blob is bound to, in order
   */
  static MessageKey of(byte[] backing, byte[] nonce, List<byte[]> bound) {
    try {
      KDF hkdf = KDF.getInstance("HKDF-SHA256");
      SecretKey extracted =
          hkdf.deriveKey(
              "Generic",
              HKDFParameterSpec.ofExtract().addIKM(backing).addSalt(nonce).extractOnly());
      return new MessageKey(
          hkdf.deriveKey(
              "AES", HKDFParameterSpec.expandOnly(extracted, info(KEY, bound), KEY_BYTES)),
          hkdf.deriveData(
              HKDFParameterSpec.expandOnly(
                  extracted, info(COMMITMENT, bound), CiphertextBlob.COMMITMENT)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("key derivation failed", e);
    }
  }

  /** The key of a blob of format 1, which has no commitment. */
  static SecretKey former(byte[] backing, byte[] nonce) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveKey(
              "AES",
              HKDFParameterSpec.ofExtract()
                  .addIKM(backing)
                  .addSalt(nonce)
                  .thenExpand(FORMER, KEY_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("key derivation failed", e);
    }
  }

  /** Each part with its length before it, so that no two lists are the same bytes. */
  private static byte[] info(byte[] purpose, List<byte[]> bound) {
    var info = new ByteArrayOutputStream();
    info.writeBytes(purpose);
    for (byte[] part : bound) {
      info.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
      info.writeBytes(part);
    }
    return info.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return "MessageKey[***]";
  }
}
