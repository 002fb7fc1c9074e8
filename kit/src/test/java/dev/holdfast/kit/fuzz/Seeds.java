// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the seeds of a target as files, one each, for an engine that reads them from a folder. */
public final class Seeds {
  private Seeds() {}

  /** Arguments: the target's class, its corpus, the folder. */
  public static void main(String[] words) throws ReflectiveOperationException, IOException {
    write(Class.forName(words[0]), words[1], Path.of(words[2]));
  }

  static void write(Class<?> owner, String corpus, Path folder) throws IOException {
    Files.createDirectories(folder);
    List<byte[]> seeds = Corpus.of(owner, corpus).seeds();
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(folder.resolve("seed" + i), seeds.get(i));
    }
  }
}
