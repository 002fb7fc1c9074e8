// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.seal;

import dev.holdfast.kit.AesGcm;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM (NIST SP 800-38D, 96-bit random IV, 128-bit tag) and HKDF-SHA-256 (RFC 5869). */
final class Aead {
  static final int KEY_BYTES = 32;
  static final int IV_BYTES = 12;
  static final int TAG_BYTES = AesGcm.TAG_BYTES;

  private Aead() {}

  static byte[] random(SecureRandom random, int bytes) {
    byte[] drawn = new byte[bytes];
    random.nextBytes(drawn);
    return drawn;
  }

  static byte[] encrypt(byte[] key, byte[] iv, byte[] aad, byte[] plaintext) {
    return AesGcm.encrypt(new SecretKeySpec(key, "AES"), iv, plaintext, aad);
  }

  /**
   * Opens ciphertext with its tag.
   *
   * @throws AEADBadTagException where key, IV, context or bytes differ
   */
  static byte[] decrypt(byte[] key, byte[] iv, byte[] aad, byte[] ciphertext)
      throws AEADBadTagException {
    return AesGcm.decrypt(new SecretKeySpec(key, "AES"), iv, ciphertext, aad);
  }

  static byte[] hkdf(byte[] material, byte[] salt, byte[] info) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(
              HKDFParameterSpec.ofExtract()
                  .addIKM(material)
                  .addSalt(salt)
                  .thenExpand(info, KEY_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
