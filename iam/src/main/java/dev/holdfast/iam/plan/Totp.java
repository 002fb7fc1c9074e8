// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Codes by time: six digits of HMAC-SHA-1 over the number of half minutes since 1970.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6238">RFC 6238, TOTP</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4226">RFC 4226, HOTP</a>
 */
public final class Totp {
  private static final int STEP_SECONDS = 30;
  private static final int MODULUS = 1_000_000;

  private Totp() {}

  /** The step that an instant is in. */
  public static long step(Instant now) {
    return Math.floorDiv(now.getEpochSecond(), STEP_SECONDS);
  }

  /** The code of a step. */
  public static String code(byte[] key, long step) {
    byte[] hash = hmac(key, ByteBuffer.allocate(Long.BYTES).putLong(step).array());
    int offset = hash[hash.length - 1] & 0xf;
    int number = (ByteBuffer.wrap(hash).getInt(offset) & Integer.MAX_VALUE) % MODULUS;
    return String.valueOf(MODULUS + number).substring(1);
  }

  private static byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key, "HmacSHA1"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /** The first step between two, both included, that has the code; takes as long where none has. */
  public static OptionalLong step(byte[] key, String code, long from, long to) {
    OptionalLong found = OptionalLong.empty();
    for (long step = to; step >= from; step--) {
      if (same(code(key, step), code)) {
        found = OptionalLong.of(step);
      }
    }
    return found;
  }

  /**
   * The second of two steps, one right after the other, that have two codes.
   *
   * @param from the first that the second step may be
   * @param to the last that it may be
   */
  public static OptionalLong pair(byte[] key, String first, String second, long from, long to) {
    if (first.length() != second.length()) {
      return OptionalLong.empty(); // two codes, wherever one ends
    }
    OptionalLong found = OptionalLong.empty();
    String before = code(key, from - 1);
    for (long step = from; step <= to; step++) {
      String code = code(key, step);
      if (same(before + code, first + second)) { // both at once, whatever the first one says
        found = OptionalLong.of(step);
      }
      before = code;
    }
    return found;
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
