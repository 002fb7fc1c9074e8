// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.AesGcm;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sealed tokens of one kind: AES-256-GCM under a key of that kind alone, bound to a context, as
 * URL-safe text. A token of another kind or context does not open.
 */
public final class Seal {
  private static final int IV = 12;

  private final SecretKeySpec key;
  private final RandomGenerator random;

  /** A seal under a 32-byte key. */
  public Seal(byte[] key, RandomGenerator random) {
    this.key = new SecretKeySpec(key, "AES");
    this.random = random;
  }

  public String seal(byte[] plain, String context) {
    byte[] iv = new byte[IV];
    random.nextBytes(iv);
    byte[] sealed = AesGcm.encrypt(key, iv, plain, utf8(context));
    byte[] all = Arrays.copyOf(iv, IV + sealed.length);
    System.arraycopy(sealed, 0, all, IV, sealed.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }

  /** What was sealed, or empty for anything that this seal did not make for this context. */
  public Optional<byte[]> open(String token, String context) {
    try {
      byte[] all = Base64.getUrlDecoder().decode(token);
      if (all.length < IV + AesGcm.TAG_BYTES) {
        return Optional.empty();
      }
      byte[] sealed = Arrays.copyOfRange(all, IV, all.length);
      return Optional.of(AesGcm.decrypt(key, Arrays.copyOf(all, IV), sealed, utf8(context)));
    } catch (AEADBadTagException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
