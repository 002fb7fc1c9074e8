// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Backs up or restores in a process of its own, to be killed. */
public final class BackupProcess {
  private BackupProcess() {}

  /** Arguments: {@code backup DATA VAULT} or {@code restore VAULT TARGET KEY}. */
  public static void main(String[] words) throws IOException {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    if (words[0].equals("backup")) {
      try (OpenDirectory directory = Ship.open(Path.of(words[1]))) {
        out.println("begin");
        new Backups(directory).make(Path.of(words[2]), true, Ship.QUIET);
      }
    } else {
      out.println("begin");
      Ship.restore(Path.of(words[1]), Path.of(words[2]), Path.of(words[3]));
    }
    out.println("end");
  }
}
