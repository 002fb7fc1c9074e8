// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import java.security.GeneralSecurityException;
import java.util.concurrent.ArrayBlockingQueue;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** AES-GCM with a 128-bit tag (NIST SP 800-38D), which every Java platform has. */
public final class AesGcm {
  public static final int TAG_BYTES = 16;

  /** Looking up the algorithm costs more than sealing a row; each use brings key and IV anew. */
  private static final ArrayBlockingQueue<Cipher> IDLE = new ArrayBlockingQueue<>(16);

  private AesGcm() {}

  /**
   * Encrypts; the answer ends with the tag.
   *
   * @param iv never used before under this key
   * @param context authenticated too, one part after the other
   */
  public static byte[] encrypt(SecretKey key, byte[] iv, byte[] plaintext, byte[]... context) {
    try {
      return run(Cipher.ENCRYPT_MODE, key, iv, plaintext, context);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("encryption failed", e);
    }
  }

  /**
   * Opens ciphertext with its tag.
   *
   * @throws AEADBadTagException where key, IV, context or bytes differ
   */
  public static byte[] decrypt(SecretKey key, byte[] iv, byte[] ciphertext, byte[]... context)
      throws AEADBadTagException {
    try {
      return run(Cipher.DECRYPT_MODE, key, iv, ciphertext, context);
    } catch (AEADBadTagException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("decryption failed", e);
    }
  }

  private static byte[] run(int mode, SecretKey key, byte[] iv, byte[] input, byte[]... context)
      throws GeneralSecurityException {
    Cipher idle = IDLE.poll();
    Cipher cipher = idle == null ? Cipher.getInstance("AES/GCM/NoPadding") : idle;
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, iv));
    for (byte[] part : context) {
      cipher.updateAAD(part);
    }
    byte[] output = cipher.doFinal(input);
    // One that failed is not used again.
    boolean _ = IDLE.offer(cipher);
    return output;
  }
}
