// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.plan;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.AesGcm;
import dev.holdfast.kit.Region;
import dev.holdfast.kms.Wrapper;
import dev.holdfast.kms.model.KeyMaterial;
import dev.holdfast.kms.model.KmsKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;

/**
 * Encryption under a key: each call has an AES-256 key of its own ({@link MessageKey}), which seals
 * one text with GCM (SP 800-38D).
 *
 * <p>So a backing key does not wear out however often it is used, and as no derived key is used
 * twice, its IV may be constant: what must not repeat is the random nonce of 256 bits. A blob is
 * bound to account, region, key, version and encryption context, and opens under no other.
 */
public final class Envelope {
  private static final int BACKING_KEY = 32;
  private static final byte[] IV = new byte[12];

  private final Wrapper wrapper;
  private final SecureRandom random;

  public Envelope(Wrapper wrapper, SecureRandom random) {
    this.wrapper = wrapper;
    this.random = random;
  }

  /** Fresh material for a key that is about to be made. */
  public KeyMaterial fresh(AccountId account, Region region, String keyId, int version) {
    byte[] backing = bytes(BACKING_KEY);
    try {
      return new KeyMaterial(
          version, wrapper.wrap(backing, place(account, region, keyId, version)));
    } finally {
      Arrays.fill(backing, (byte) 0);
    }
  }

  /** Fresh material to take the place of a key's newest. */
  public KeyMaterial next(KmsKey key) {
    int version = key.materials().getLast().version() + 1;
    return fresh(key.account(), key.region(), key.id(), version);
  }

  /** Random bytes, such as a data key. */
  public byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Encrypts under the newest material. */
  public byte[] seal(KmsKey key, byte[] plain, Map<String, String> context) {
    KeyMaterial material = key.materials().getLast();
    byte[] nonce = bytes(CiphertextBlob.NONCE);
    byte[] start = CiphertextBlob.committed(key.id(), material.version(), nonce);
    byte[] canonical = EncryptionContext.canonical(context);
    MessageKey message =
        with(key, material, backing -> messageKey(backing, nonce, key, start, canonical));
    byte[] sealed =
        AesGcm.encrypt(message.key(), IV, plain, start, message.commitment(), canonical);
    return ByteBuffer.allocate(start.length + message.commitment().length + sealed.length)
        .put(start)
        .put(message.commitment())
        .put(sealed)
        .array();
  }

  /**
   * Decrypts.
   *
   * @return empty for anything that this key did not make with this context
   */
  public Optional<byte[]> open(KmsKey key, CiphertextBlob blob, Map<String, String> context) {
    Optional<KeyMaterial> material =
        key.materials().stream().filter(m -> m.version() == blob.version()).findFirst();
    if (material.isEmpty() || !blob.keyId().equals(key.id())) {
      return Optional.empty();
    }
    byte[] canonical = EncryptionContext.canonical(context);
    try {
      return blob.isCommitted()
          ? committed(key, material.get(), blob, canonical)
          : Optional.of(former(key, material.get(), blob, canonical));
    } catch (AEADBadTagException _) {
      return Optional.empty();
    }
  }

  private Optional<byte[]> committed(
      KmsKey key, KeyMaterial material, CiphertextBlob blob, byte[] canonical)
      throws AEADBadTagException {
    MessageKey message =
        with(
            key,
            material,
            backing -> messageKey(backing, blob.nonce(), key, blob.committed(), canonical));
    return MessageDigest.isEqual(message.commitment(), blob.commitment())
        ? Optional.of(AesGcm.decrypt(message.key(), IV, blob.sealed(), blob.header(), canonical))
        : Optional.empty();
  }

  private byte[] former(KmsKey key, KeyMaterial material, CiphertextBlob blob, byte[] canonical)
      throws AEADBadTagException {
    SecretKey derived = with(key, material, backing -> MessageKey.former(backing, blob.nonce()));
    return AesGcm.decrypt(derived, blob.iv(), blob.sealed(), blob.header(), canonical);
  }

  private static MessageKey messageKey(
      byte[] backing, byte[] nonce, KmsKey key, byte[] start, byte[] canonical) {
    return MessageKey.of(
        backing,
        nonce,
        List.of(
            start,
            key.account().digits().getBytes(StandardCharsets.UTF_8),
            key.region().name().getBytes(StandardCharsets.UTF_8),
            canonical));
  }

  /**
   * Whether the keyring opens a version of a key.
   *
   * @param key the key that it is of
   */
  public boolean opens(KmsKey key, KeyMaterial material) {
    try {
      byte[] place = place(key.account(), key.region(), key.id(), material.version());
      Arrays.fill(wrapper.unwrap(material.wrapped(), place), (byte) 0);
      return true;
    } catch (RuntimeException _) {
      return false;
    }
  }

  /** Works with a backing key, which is wiped afterwards. */
  private <T> T with(KmsKey key, KeyMaterial material, Function<byte[], T> work) {
    byte[] place = place(key.account(), key.region(), key.id(), material.version());
    byte[] backing = wrapper.unwrap(material.wrapped(), place);
    try {
      return work.apply(backing);
    } finally {
      Arrays.fill(backing, (byte) 0);
    }
  }

  private static byte[] place(AccountId account, Region region, String keyId, int version) {
    return String.join("|", account.digits(), region.name(), keyId, Integer.toString(version))
        .getBytes(StandardCharsets.UTF_8);
  }
}
