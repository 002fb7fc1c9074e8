// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import java.io.ByteArrayOutputStream;

/** Base32 (RFC 4648, section 6) without padding, as authenticator programs take keys. */
public final class Base32 {
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int BITS = 5;

  private Base32() {}

  /**
   * The bytes of a text; bits at its end that fill no byte are left out.
   *
   * @throws IllegalArgumentException for any character that is not of the alphabet
   */
  public static byte[] decode(String text) {
    var bytes = new ByteArrayOutputStream();
    int held = 0;
    int bits = 0;
    for (int i = 0; i < text.length(); i++) {
      int value = ALPHABET.indexOf(text.charAt(i));
      if (value < 0) {
        throw new IllegalArgumentException("not base32");
      }
      held = (held << BITS) | value;
      bits += BITS;
      if (bits >= Byte.SIZE) {
        bits -= Byte.SIZE;
        bytes.write(held >> bits);
        held &= (1 << bits) - 1;
      }
    }
    return bytes.toByteArray();
  }
}
