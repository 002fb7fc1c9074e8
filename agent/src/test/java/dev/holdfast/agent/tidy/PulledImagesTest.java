// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a damaged list of images none is taken for the agent's own. */
final class PulledImagesTest {
  private static final String IMAGE = "registry.invalid/web@sha256:" + "0".repeat(64);

  @TempDir private Path folder = Path.of("");

  @Test
  void everyFlippedBitIsFoundAndTheAgentThenKnowsNone() throws IOException {
    Path file = folder.resolve("images.json");
    assertThat(PulledImages.damaged(file)).as("none was pulled yet").isFalse();
    PulledImages.open(file, Disk.local()).pulled(IMAGE, Instant.EPOCH);
    assertThat(PulledImages.damaged(file)).isFalse();
    assertThat(PulledImages.open(file, Disk.local()).all()).containsOnlyKeys(IMAGE);
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length * 8; at++) {
      byte[] hurt = whole.clone();
      hurt[at / 8] ^= (byte) (1 << (at % 8));
      Files.write(file, hurt);
      assertThat(PulledImages.damaged(file)).as("bit " + at).isTrue();
    }
    var known = PulledImages.open(file, Disk.local());
    assertThat(known.all()).isEmpty();
    known.pulled(IMAGE, Instant.EPOCH);
    assertThat(PulledImages.damaged(file)).as("the next one is whole").isFalse();
  }
}
