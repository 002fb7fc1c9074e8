// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** One way in which a file comes to harm. */
record Hurt(String name, Way way) {

  interface Way {
    void on(Path file) throws IOException;
  }

  /** Every way once, and flipped bits as often as asked for. */
  static List<Hurt> of(int size, int flips, Random random) {
    var ways = new ArrayList<Hurt>();
    ways.add(new Hurt("missing", Files::delete));
    ways.add(new Hurt("foreign", file -> Files.writeString(file, "not what was here\n")));
    if (size == 0) {
      return ways;
    }
    ways.add(new Hurt("empty", file -> Files.write(file, new byte[0])));
    int length = random.nextInt(size);
    ways.add(new Hurt("cut to " + length, file -> cut(file, length)));
    int torn = Math.max(0, size - 1 - random.nextInt(8));
    ways.add(new Hurt("torn at " + torn, file -> cut(file, torn)));
    int zeros = random.nextInt(size);
    ways.add(new Hurt("zeros at " + zeros, file -> zero(file, zeros)));
    for (int i = 0; i < flips; i++) {
      int at = random.nextInt(size);
      int bit = 1 << random.nextInt(8);
      ways.add(new Hurt("bit " + bit + " of byte " + at, file -> flip(file, at, bit)));
    }
    return ways;
  }

  static void flip(Path file, int at, int bit) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= (byte) bit;
    Files.write(file, bytes);
  }

  private static void cut(Path file, int length) throws IOException {
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
  }

  private static void zero(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, at, Math.min(bytes.length, at + 512), (byte) 0);
    Files.write(file, bytes);
  }
}
