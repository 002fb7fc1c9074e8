// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.fuzz;

import java.util.Arrays;

/**
 * Reads an input as a change of something that is made anew for each run, such as what is sealed.
 */
public final class Edit {
  private static final int HEAD = 3;

  private Edit() {}

  /**
   * The original with some bytes replaced: two bytes of the input say where, one how many, the rest
   * is what takes their place.
   */
  public static byte[] of(byte[] original, byte[] input) {
    if (input.length < HEAD) {
      return Arrays.copyOf(original, Math.max(0, original.length - input.length));
    }
    int from = ((input[0] & 0xff) << 8 | (input[1] & 0xff)) % (original.length + 1);
    int to = Math.min(original.length, from + (input[2] & 0x1f));
    byte[] out = new byte[original.length - (to - from) + input.length - HEAD];
    System.arraycopy(original, 0, out, 0, from);
    System.arraycopy(input, HEAD, out, from, input.length - HEAD);
    System.arraycopy(original, to, out, from + input.length - HEAD, original.length - to);
    return out;
  }
}
