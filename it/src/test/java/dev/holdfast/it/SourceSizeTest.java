// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The limits on the tail: lines a file, files a package. */
class SourceSizeTest {
  private static final int LINES = 400;
  private static final int FILES = 40;

  static List<Path> sources() throws IOException {
    var all = new ArrayList<Path>();
    try (var modules = Files.list(Path.of(".."))) {
      for (Path main :
          modules.map(m -> m.resolve("src/main/java")).filter(Files::isDirectory).toList()) {
        try (var files = Files.walk(main)) {
          files.filter(f -> f.toString().endsWith(".java")).forEach(all::add);
        }
      }
    }
    assertThat(all).isNotEmpty();
    return all;
  }

  @Test
  void noFileIsLongerThanFourHundredLines() throws IOException {
    var tooLong = new ArrayList<String>();
    for (Path file : sources()) {
      int lines = Files.readAllLines(file).size();
      if (lines > LINES) {
        tooLong.add(file + ": " + lines);
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void noRoomHoldsMoreThanFortyFiles() throws IOException {
    Map<String, Integer> counts = new HashMap<>();
    for (Path file : sources()) {
      counts.merge(String.valueOf(file.getParent()), 1, Integer::sum);
    }
    // A room of operations has one file for each, and AWS decides how many there are.
    counts.entrySet().removeIf(e -> e.getValue() <= FILES || e.getKey().endsWith("/api"));
    assertThat(counts).isEmpty();
  }

  @Test
  void everyFileNamesItsLicence() throws IOException {
    for (Path file : sources()) {
      assertThat(Files.readString(file))
          .as(file.toString())
          .startsWith("// SPDX-License-Identifier: Apache-2.0");
    }
  }
}
