// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.plan;

import dev.holdfast.kit.AesGcm;
import dev.holdfast.secrets.model.SealedValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals a secret's value under a data key that is used for nothing else: IV 12, AES-256-GCM, bound
 * to the secret's ARN and the version's id.
 */
public final class ValueSeal {
  private static final int IV_BYTES = 12;
  private static final byte[] FORM = "holdfast secret value 1\0".getBytes(StandardCharsets.UTF_8);

  private ValueSeal() {}

  /**
   * Seals.
   *
   * @param key 32 bytes, as KMS made them
   * @param blob the same key as KMS encrypted it
   * @param arn of the secret
   * @param version the version's id
   */
  public static SealedValue seal(
      byte[] key, byte[] blob, Plain plain, String arn, String version, RandomGenerator random) {
    byte[] iv = new byte[IV_BYTES];
    random.nextBytes(iv);
    byte[] sealed =
        AesGcm.encrypt(new SecretKeySpec(key, "AES"), iv, plain.bytes(), FORM, bound(arn, version));
    byte[] all = Arrays.copyOf(iv, IV_BYTES + sealed.length);
    System.arraycopy(sealed, 0, all, IV_BYTES, sealed.length);
    Base64.Encoder base64 = Base64.getEncoder();
    return new SealedValue(base64.encodeToString(blob), base64.encodeToString(all), plain.binary());
  }

  /** Opens; empty where key, secret or version are others. */
  public static Optional<Plain> open(byte[] key, SealedValue value, String arn, String version) {
    byte[] all = Base64.getDecoder().decode(value.sealed());
    if (all.length < IV_BYTES + AesGcm.TAG_BYTES) {
      return Optional.empty();
    }
    try {
      byte[] plain =
          AesGcm.decrypt(
              new SecretKeySpec(key, "AES"),
              Arrays.copyOf(all, IV_BYTES),
              Arrays.copyOfRange(all, IV_BYTES, all.length),
              FORM,
              bound(arn, version));
      return Optional.of(new Plain(plain, value.binary()));
    } catch (AEADBadTagException _) {
      return Optional.empty();
    }
  }

  private static byte[] bound(String arn, String version) {
    return (arn + "\0" + version).getBytes(StandardCharsets.UTF_8);
  }
}
