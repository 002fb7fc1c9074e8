// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Random identifiers in the alphabets AWS uses. The generator is an argument, never ambient. */
public final class Ids {
  /** How many bytes of a version 7 UUID are its time. */
  private static final int TIME_BYTES = 6;

  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private Ids() {}

  /** {@code bytes} random bytes in lower-case hex. */
  public static String hex(RandomGenerator random, int bytes) {
    byte[] raw = new byte[bytes];
    random.nextBytes(raw);
    return HexFormat.of().formatHex(raw);
  }

  /** A version 4 UUID (RFC 9562, 5.4): random. */
  public static String uuid(RandomGenerator random) {
    byte[] raw = new byte[16];
    random.nextBytes(raw);
    return uuid(raw, 4);
  }

  /** A version 7 UUID (RFC 9562, 5.7): the millisecond of {@code time}, then random. */
  public static String timedUuid(Instant time, RandomGenerator random) {
    byte[] raw = new byte[16];
    random.nextBytes(raw);
    long millis = time.toEpochMilli();
    for (int i = 0; i < TIME_BYTES; i++) {
      raw[i] = (byte) (millis >> (Byte.SIZE * (TIME_BYTES - 1 - i)));
    }
    return uuid(raw, 7);
  }

  /** The millisecond that a version 7 UUID tells; empty for any other text. */
  public static Optional<Instant> timeOf(String uuid) {
    if (uuid.length() != 36 || uuid.charAt(8) != '-' || uuid.charAt(14) != '7') {
      return Optional.empty();
    }
    try {
      String hex = uuid.substring(0, 8) + uuid.substring(9, 13);
      return Optional.of(Instant.ofEpochMilli(HexFormat.fromHexDigitsToLong(hex)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static String uuid(byte[] raw, int version) {
    raw[6] = (byte) ((raw[6] & 0x0f) | (version << 4));
    raw[8] = (byte) ((raw[8] & 0x3f) | 0x80);
    return new UUID(bits(raw, 0), bits(raw, Long.BYTES)).toString();
  }

  private static long bits(byte[] raw, int from) {
    long bits = 0;
    for (int i = from; i < from + Long.BYTES; i++) {
      bits = (bits << Byte.SIZE) | (raw[i] & 0xff);
    }
    return bits;
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
