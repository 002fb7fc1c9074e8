// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Random identifiers in the alphabets AWS uses. The generator is an argument, never ambient. */
public final class Ids {
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private Ids() {}

  /** {@code bytes} random bytes in lower-case hex. */
  public static String hex(RandomGenerator random, int bytes) {
    byte[] raw = new byte[bytes];
    random.nextBytes(raw);
    return HexFormat.of().formatHex(raw);
  }

  /** A version 4 UUID (RFC 9562). */
  public static String uuid(RandomGenerator random) {
    byte[] raw = new byte[16];
    random.nextBytes(raw);
    raw[6] = (byte) ((raw[6] & 0x0f) | 0x40);
    raw[8] = (byte) ((raw[8] & 0x3f) | 0x80);
    String hex = HexFormat.of().formatHex(raw);
    return hex.substring(0, 8)
        + '-'
        + hex.substring(8, 12)
        + '-'
        + hex.substring(12, 16)
        + '-'
        + hex.substring(16, 20)
        + '-'
        + hex.substring(20);
  }

  /** A prefix and {@code length} base-32 characters, as in {@code AIDA...} and {@code AKIA...}. */
  public static String base32(RandomGenerator random, String prefix, int length) {
    var text = new StringBuilder(prefix);
    for (int i = 0; i < length; i++) {
      text.append(BASE32.charAt(random.nextInt(32)));
    }
    return text.toString();
  }

  /** A number of at least zero with leading zeros, so that texts sort as their numbers do. */
  public static String padded(long number, int digits) {
    String text = Long.toString(number);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }
}
