// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.backup.Vault;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/** Measures a backup of blobs: in full, again with nothing new, with 1 % new, and its restore. */
public final class BackupSpeed {
  private static final int BLOB = 16 << 20;

  private BackupSpeed() {}

  /** Arguments: a folder to work in, and how many MiB of blobs. */
  public static void main(String[] words) throws IOException {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Path folder = Path.of(words[0]);
    Files.createDirectories(folder);
    int blobs = Integer.parseInt(words[1]) / (BLOB >> 20);
    var random = new Random(1);
    Path other = folder.resolve("other");
    try (Ship ship = Ship.launch(folder.resolve("data"))) {
      for (int i = 0; i < blobs; i++) {
        push(ship, random, i, BLOB);
      }
      Path vault = folder.resolve("vault");
      out.println(
          "full: "
              + seconds(
                  () -> {
                    Object _ = ship.backup(vault);
                  }));
      out.println(
          "nothing new: "
              + seconds(
                  () -> {
                    Object _ = ship.backup(vault);
                  }));
      push(ship, random, blobs, Integer.parseInt(words[1]) << 20 >> 6);
      out.println(
          "1/64 new: "
              + seconds(
                  () -> {
                    Object _ = ship.backup(vault);
                  }));
      out.println("restore: " + seconds(() -> ship.restore(vault, other)));
    }
    Vault.removeTree(folder);
  }

  private static void push(Ship ship, Random random, int i, int size) throws IOException {
    byte[] layer = new byte[size];
    random.nextBytes(layer);
    ship.push("image-" + i, layer);
  }

  private interface Timed {
    void run() throws IOException;
  }

  private static String seconds(Timed work) throws IOException {
    long began = System.nanoTime();
    work.run();
    return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - began) / 1e9);
  }
}
