// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A place in a log that was damaged is never taken for another place. */
final class LogPlacesTest {
  private static final LogPlaces.Kept KEPT = new LogPlaces.Kept(Place.BEGIN, Place.BEGIN, 41);

  @TempDir private Path folder = Path.of("");

  private LogPlaces places() throws IOException {
    return new LogPlaces(folder, Disk.local());
  }

  private Path file() throws IOException {
    try (var files = Files.list(folder)) {
      return files.findFirst().orElseThrow();
    }
  }

  @BeforeEach
  void save() throws IOException {
    places().save("task", "web", KEPT);
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    assertThat(places().load("task", "web")).isEqualTo(KEPT);
    assertThat(LogPlaces.damaged(folder)).isEmpty();
  }

  @Test
  void everyFlippedBitIsFound() throws IOException {
    Path file = file();
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length * 8; at++) {
      byte[] hurt = whole.clone();
      hurt[at / 8] ^= (byte) (1 << (at % 8));
      Files.write(file, hurt);
      assertThat(LogPlaces.damaged(folder)).as("bit " + at).containsExactly(file);
    }
  }

  @Test
  void whatIsCutOffIsFoundOrStillAllThatWasWritten() throws IOException {
    Path file = file();
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      if (LogPlaces.damaged(folder).isEmpty()) {
        assertThat(places().load("task", "web")).as("cut to " + length).isEqualTo(KEPT);
      }
    }
  }

  @Test
  void aDamagedOneBeginsAnewAndTheNextOneIsWhole() throws IOException {
    Files.writeString(file(), "not what was here");
    assertThat(places().load("task", "web")).isEqualTo(LogPlaces.Kept.BEGIN);
    save();
    assertThat(LogPlaces.damaged(folder)).isEmpty();
  }

  @Test
  void oneOfAnEarlierReleaseIsRead() throws IOException {
    String text = Files.readString(file());
    Files.writeString(file(), text.substring(0, text.indexOf("\n#sha256")), StandardCharsets.UTF_8);
    assertThat(places().load("task", "web")).isEqualTo(KEPT);
  }
}
