// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.seal;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.ArrayBlockingQueue;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM (NIST SP 800-38D, 96-bit random IV, 128-bit tag) and HKDF-SHA-256 (RFC 5869). */
final class Aead {
  static final int KEY_BYTES = 32;
  static final int IV_BYTES = 12;
  static final int TAG_BYTES = 16;

  /** Looking up the algorithm costs more than sealing a row; each use brings key and IV anew. */
  private static final ArrayBlockingQueue<Cipher> IDLE = new ArrayBlockingQueue<>(16);

  private Aead() {}

  static byte[] random(SecureRandom random, int bytes) {
    byte[] drawn = new byte[bytes];
    random.nextBytes(drawn);
    return drawn;
  }

  static byte[] encrypt(byte[] key, byte[] iv, byte[] aad, byte[] plaintext) {
    try {
      return run(Cipher.ENCRYPT_MODE, key, iv, aad, plaintext);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Opens ciphertext with its tag.
   *
   * @throws AEADBadTagException where key, IV, context or bytes differ
   */
  static byte[] decrypt(byte[] key, byte[] iv, byte[] aad, byte[] ciphertext)
      throws AEADBadTagException {
    try {
      return run(Cipher.DECRYPT_MODE, key, iv, aad, ciphertext);
    } catch (AEADBadTagException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] run(int mode, byte[] key, byte[] iv, byte[] aad, byte[] input)
      throws GeneralSecurityException {
    Cipher idle = IDLE.poll();
    Cipher cipher = idle == null ? Cipher.getInstance("AES/GCM/NoPadding") : idle;
    cipher.init(
        mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, iv));
    cipher.updateAAD(aad);
    byte[] output = cipher.doFinal(input);
    // One that failed is not used again.
    boolean _ = IDLE.offer(cipher);
    return output;
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
