// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.seal;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.RecordCodec;
import dev.holdfast.kit.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.crypto.AEADBadTagException;

/**
 * A keyring at rest: JSON of the keys, sealed as one piece under a key derived from the root key
 * and a salt that is fresh with each save.
 */
@SuppressWarnings("ArrayRecordComponent")
record KeyringDocument(int format, byte[] salt, byte[] iv, byte[] sealed) {
  private static final int FORMAT = 1;
  private static final byte[] CONTEXT = "holdfast keyring 1".getBytes(StandardCharsets.US_ASCII);
  private static final RecordCodec<KeyringDocument> CODEC = RecordCodec.of(KeyringDocument.class);
  private static final RecordCodec<Keys> KEYS = RecordCodec.of(Keys.class);

  /**
   * What the seal protects.
   *
   * @param derivation what named keys are derived from; never rotated
   */
  record Keys(byte[] id, byte[] derivation, List<DataKey> keys) {}

  /**
   * A data key.
   *
   * @param used how many encryptions it may have made: counted ahead, in blocks
   */
  record DataKey(int version, byte[] key, long used) {}

  static byte[] seal(Keys keys, Secret root, SecureRandom random) {
    byte[] salt = Aead.random(random, Aead.KEY_BYTES);
    byte[] iv = Aead.random(random, Aead.IV_BYTES);
    byte[] wrapping = Aead.hkdf(root.bytes(), salt, CONTEXT);
    byte[] plaintext = KEYS.bytes(keys);
    try {
      byte[] sealed = Aead.encrypt(wrapping, iv, CONTEXT, plaintext);
      return CODEC.bytes(new KeyringDocument(FORMAT, salt, iv, sealed));
    } finally {
      Arrays.fill(wrapping, (byte) 0);
      Arrays.fill(plaintext, (byte) 0);
    }
  }

  static Keys open(byte[] bytes, Secret root) {
    KeyringDocument document;
    try {
      document = CODEC.read(bytes);
    } catch (Json.MalformedJson e) {
      throw new SealException("the keyring is damaged", e);
    }
    if (document.format() != FORMAT) {
      throw new SealException("the keyring is of another format: " + document.format());
    }
    // It is written in one way: a flipped bit that changes nothing of what is read is damage too.
    if (Stream.of(document.salt(), document.iv(), document.sealed()).anyMatch(Objects::isNull)
        || document.salt().length != Aead.KEY_BYTES
        || document.iv().length != Aead.IV_BYTES
        || !Arrays.equals(CODEC.bytes(document), bytes)) {
      throw new SealException("the keyring is damaged");
    }
    byte[] wrapping = Aead.hkdf(root.bytes(), document.salt(), CONTEXT);
    try {
      byte[] plaintext = Aead.decrypt(wrapping, document.iv(), CONTEXT, document.sealed());
      try {
        return KEYS.read(plaintext);
      } finally {
        Arrays.fill(plaintext, (byte) 0);
      }
    } catch (AEADBadTagException e) {
      throw new SealException("the root key does not open this keyring", e);
    } finally {
      Arrays.fill(wrapping, (byte) 0);
    }
  }
}
