// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.AesGcm;
import dev.holdfast.kit.Hashes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sealed tokens of one kind, bound to a context, as URL-safe text. A token of another kind or
 * context does not open, and a token is written in one way alone.
 *
 * <p>Each token has a key of its own, HMAC-SHA-256 of a random nonce of 24 bytes under the key of
 * the kind, which seals it with AES-256-GCM under a constant IV. Anybody who may call may have any
 * number of tokens made, and random IVs under one key would be worn out by 2^32 of them (SP
 * 800-38D, 8.3). The text is {@code nonce | ciphertext | tag}, without padding.
 */
public final class Seal {
  private static final int NONCE = 24;
  private static final byte[] IV = new byte[12];
  private static final byte[] PURPOSE = utf8("holdfast seal 2 AES-256-GCM");

  /** What tokens of before had: a random IV under the key of the kind itself. */
  private static final int FORMER_IV = 12;

  private final byte[] key;
  private final SecretKeySpec formerKey;
  private final RandomGenerator random;

  /** A seal under a 32-byte key. */
  public Seal(byte[] key, RandomGenerator random) {
    this.key = key.clone();
    this.formerKey = new SecretKeySpec(key, "AES");
    this.random = random;
  }

  public String seal(byte[] plain, String context) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    byte[] sealed = AesGcm.encrypt(tokenKey(nonce), IV, plain, utf8(context));
    byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
    System.arraycopy(sealed, 0, all, NONCE, sealed.length);
    return text(all);
  }

  /** What was sealed, or empty for anything that this seal did not make for this context. */
  public Optional<byte[]> open(String token, String context) {
    byte[] all;
    try {
      all = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
    // Bits that no byte is made of, and padding, would let one token be written in several ways.
    if (!text(all).equals(token)) {
      return Optional.empty();
    }
    byte[] bound = utf8(context);
    if (all.length >= NONCE + AesGcm.TAG_BYTES) {
      SecretKeySpec own = tokenKey(Arrays.copyOf(all, NONCE));
      Optional<byte[]> opened = open(own, IV, Arrays.copyOfRange(all, NONCE, all.length), bound);
      if (opened.isPresent()) {
        return opened;
      }
    }
    return all.length >= FORMER_IV + AesGcm.TAG_BYTES
        ? open(
            formerKey,
            Arrays.copyOf(all, FORMER_IV),
            Arrays.copyOfRange(all, FORMER_IV, all.length),
            bound)
        : Optional.empty();
  }

  private static Optional<byte[]> open(SecretKeySpec key, byte[] iv, byte[] sealed, byte[] bound) {
    try {
      return Optional.of(AesGcm.decrypt(key, iv, sealed, bound));
    } catch (AEADBadTagException _) {
      return Optional.empty();
    }
  }

  private SecretKeySpec tokenKey(byte[] nonce) {
    byte[] message = Arrays.copyOf(PURPOSE, PURPOSE.length + nonce.length);
    System.arraycopy(nonce, 0, message, PURPOSE.length, nonce.length);
    byte[] derived = Hashes.hmacSha256(key, message);
    try {
      return new SecretKeySpec(derived, "AES");
    } finally {
      Arrays.fill(derived, (byte) 0);
    }
  }

  private static String text(byte[] all) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
