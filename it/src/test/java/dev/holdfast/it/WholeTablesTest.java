// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Tables that grow with use are visited row by row: a server that reads a hundred thousand tasks at
 * once runs out of memory, and ends.
 */
class WholeTablesTest {
  /** What is read whole, since there are as many as people set up and no more. */
  private static final Set<String> SMALL =
      Set.of(
          "EcsTables.CLUSTERS",
          "EcsTables.INSTANCES",
          "EcsTables.SERVICES",
          "KEYS", // of KMS
          "RegistryTables.REPOSITORIES",
          "ACTIVATIONS", // of machines, and below it what they became
          "INSTANCES");

  private static final Pattern WHOLE =
      Pattern.compile("\\b(?:view|tx|state)\\s*\\.all\\(\\s*([A-Za-z.]+)\\s*\\)");

  @Test
  void noTableThatGrowsWithUseIsReadWhole() throws IOException {
    var read = new TreeSet<String>();
    for (Path file : SourceSizeTest.sources()) {
      WHOLE.matcher(Files.readString(file)).results().forEach(found -> read.add(found.group(1)));
    }
    assertThat(read).isEqualTo(new TreeSet<>(SMALL));
  }
}
