// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeedsTest {
  @TempDir Path folder;

  private List<byte[]> written(String corpus) throws Exception {
    Seeds.main(new String[] {SeedsTest.class.getName(), corpus, folder.toString()});
    var seeds = new ArrayList<byte[]>();
    for (int i = 0; Files.exists(folder.resolve("seed" + i)); i++) {
      seeds.add(Files.readAllBytes(folder.resolve("seed" + i)));
    }
    return seeds;
  }

  /** Another engine was given the lines of the corpus as they stand there: base64 and all. */
  @Test
  void anotherEngineIsGivenTheBytesThatOursStartsFrom() throws Exception {
    List<byte[]> written = written("seeds");
    assertThat(written)
        .usingElementComparator(java.util.Arrays::compare)
        .containsExactly(
            new byte[] {0, 1, -1},
            "a\r\nb".getBytes(StandardCharsets.UTF_8),
            "two\nlines".getBytes(StandardCharsets.UTF_8))
        .containsExactlyElementsOf(Corpus.of(SeedsTest.class, "seeds").seeds());
  }
}
