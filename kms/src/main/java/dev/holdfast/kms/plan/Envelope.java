// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.plan;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.AesGcm;
import dev.holdfast.kit.Region;
import dev.holdfast.kms.Wrapper;
import dev.holdfast.kms.model.KeyMaterial;
import dev.holdfast.kms.model.KmsKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Encryption under a key: each call derives an AES-256 key of its own from the backing key and a
 * random nonce (HKDF-SHA-256, RFC 5869), then seals with GCM (SP 800-38D).
 *
 * <p>So a backing key does not wear out however often it is used.
 */
public final class Envelope {
  private static final int BACKING_KEY = 32;
  private static final byte[] INFO =
      "holdfast kms 1 AES-256-GCM".getBytes(StandardCharsets.US_ASCII);

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
    byte[] iv = bytes(CiphertextBlob.IV);
    byte[] header = CiphertextBlob.header(key.id(), material.version(), nonce, iv);
    byte[] sealed =
        AesGcm.encrypt(
            derive(key, material, nonce), iv, plain, header, EncryptionContext.canonical(context));
    byte[] blob = Arrays.copyOf(header, header.length + sealed.length);
    System.arraycopy(sealed, 0, blob, header.length, sealed.length);
    return blob;
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
    try {
      SecretKey derived = derive(key, material.get(), blob.nonce());
      return Optional.of(
          AesGcm.decrypt(
              derived,
              blob.iv(),
              blob.sealed(),
              blob.header(),
              EncryptionContext.canonical(context)));
    } catch (AEADBadTagException _) {
      return Optional.empty();
    }
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

  private SecretKey derive(KmsKey key, KeyMaterial material, byte[] nonce) {
    byte[] place = place(key.account(), key.region(), key.id(), material.version());
    byte[] backing = wrapper.unwrap(material.wrapped(), place);
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveKey(
              "AES",
              HKDFParameterSpec.ofExtract().addIKM(backing).addSalt(nonce).thenExpand(INFO, 32));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("key derivation failed", e);
    } finally {
      Arrays.fill(backing, (byte) 0);
    }
  }

  private static byte[] place(AccountId account, Region region, String keyId, int version) {
    return String.join("|", account.digits(), region.name(), keyId, Integer.toString(version))
        .getBytes(StandardCharsets.UTF_8);
  }
}
