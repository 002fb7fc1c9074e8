// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes inputs of inputs. */
final class Mutator {
  private static final List<byte[]> SPICE =
      List.of(
          utf8("0"),
          utf8("-1"),
          utf8("2147483648"),
          utf8("9223372036854775808"),
          utf8("1e999999999"),
          utf8("99999999999999999999999999999999"),
          utf8("\u0000"),
          utf8("\r\n"),
          utf8("\n\n"),
          utf8("%00"),
          utf8("%zz"),
          utf8("%2F"),
          utf8("+"),
          utf8("*"),
          utf8(":"),
          utf8("/../"),
          utf8("\\u0000"),
          utf8("\\ud800"),
          utf8("\ud83d\ude00"),
          utf8("\ufeff"),
          utf8("\u202e"),
          utf8("${"),
          utf8("]]>"),
          utf8("&#x0;"),
          new byte[] {(byte) 0xff},
          new byte[] {(byte) 0xc0, (byte) 0x80},
          new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
          new byte[] {0, 0, 0, 0},
          new byte[] {(byte) 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff});

  private final RandomGenerator random;
  private final List<byte[]> words;
  private final int longest;

  Mutator(RandomGenerator random, List<byte[]> words, int longest) {
    this.random = random;
    this.words = words;
    this.longest = longest;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** One to eight changes of {@code input}; {@code other} lends pieces. */
  byte[] mutate(byte[] input, byte[] other) {
    byte[] out = input;
    for (int i = 1 << random.nextInt(4); i > 0; i--) {
      out = once(out, other);
    }
    return out.length > longest ? Arrays.copyOf(out, longest) : out;
  }

  private byte[] once(byte[] in, byte[] other) {
    int at = random.nextInt(in.length + 1);
    return switch (random.nextInt(11)) {
      case 0 -> flipped(in, at);
      case 1 -> spliced(in, at, at, new byte[] {(byte) random.nextInt(256)});
      case 2, 3 -> spliced(in, at, at, word());
      case 4 -> spliced(in, at, end(in, at), word());
      case 5 -> spliced(in, at, end(in, at), new byte[0]);
      case 6 -> spliced(in, at, at, piece(in));
      case 7 -> spliced(in, at, at, piece(other));
      case 8 -> spliced(in, at, end(in, at), piece(other));
      case 9 -> spliced(in, at, at, repeated(random.nextBoolean() ? piece(in) : word()));
      default -> random.nextInt(4) == 0 ? Arrays.copyOf(in, at) : swapped(in, at);
    };
  }

  private byte[] word() {
    List<byte[]> from = words.isEmpty() || random.nextInt(3) == 0 ? SPICE : words;
    return from.get(random.nextInt(from.size()));
  }

  private byte[] flipped(byte[] in, int at) {
    if (in.length == 0) {
      return in;
    }
    byte[] out = in.clone();
    out[at % in.length] ^= (byte) (1 << random.nextInt(8));
    return out;
  }

  private byte[] swapped(byte[] in, int at) {
    if (in.length == 0) {
      return in;
    }
    byte[] out = in.clone();
    out[at % in.length] = in[random.nextInt(in.length)];
    return out;
  }

  private int end(byte[] in, int at) {
    return Math.min(in.length, at + 1 + random.nextInt(random.nextInt(4) == 0 ? 32 : 4));
  }

  private byte[] piece(byte[] of) {
    int from = random.nextInt(of.length + 1);
    return Arrays.copyOfRange(of, from, Math.min(of.length, from + 1 + random.nextInt(24)));
  }

  private byte[] repeated(byte[] piece) {
    int times = 1 << random.nextInt(random.nextInt(16) == 0 ? 12 : 5);
    byte[] out = new byte[Math.min(longest, piece.length * times)];
    for (int i = 0; i < out.length; i++) {
      out[i] = piece[i % piece.length];
    }
    return out;
  }

  private static byte[] spliced(byte[] in, int from, int to, byte[] piece) {
    byte[] out = new byte[in.length - (to - from) + piece.length];
    System.arraycopy(in, 0, out, 0, from);
    System.arraycopy(piece, 0, out, from, piece.length);
    System.arraycopy(in, to, out, from + piece.length, in.length - to);
    return out;
  }
}
