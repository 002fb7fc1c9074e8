// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What {@link Disk} builds on its steps survives a power cut, and the double finds what does not.
 */
class DiskPowerCutTest {
  private static final int STATES = PowerCut.isLong() ? 20_000 : 3_000;
  private static final List<String> TEXTS = List.of("one\n", "two and\n".repeat(700), "three\n");

  private Path root = Path.of("");

  @BeforeEach
  void make() throws IOException {
    root = PowerCut.folder();
  }

  @AfterEach
  void clear() throws IOException {
    CrashState.clear(root);
  }

  private Tape replacements() throws IOException {
    var disk = new RecordingDisk(root);
    Path file = root.resolve("a/b/file");
    disk.makeDirectories(root.resolve("a/b"));
    for (String text : TEXTS) {
      disk.replace(file, text.getBytes(StandardCharsets.US_ASCII));
      disk.promise(text);
    }
    disk.deleteDurably(file);
    disk.promise("gone");
    return disk.tape();
  }

  private static void read(Path root, Disk disk, List<Object> promised) throws IOException {
    Path file = root.resolve("a/b/file");
    String found = Files.exists(file) ? Files.readString(file) : "";
    int said = promised.size();
    assertThat(TEXTS.contains(found) || found.isEmpty()).isTrue();
    if (said > TEXTS.size()) {
      assertThat(found).isEmpty();
    } else if (said > 0 && !found.isEmpty()) {
      assertThat(TEXTS.indexOf(found)).isGreaterThanOrEqualTo(said - 1);
    } else if (said > 0) {
      assertThat(said).isEqualTo(TEXTS.size());
    }
  }

  @Test
  void keepsOldOrNew() throws IOException {
    PowerCut.Played played =
        PowerCut.play("replacing a file", replacements(), STATES, 1, DiskPowerCutTest::read);
    assertThat(played.states()).isGreaterThanOrEqualTo(STATES);
  }

  @Test
  void needsEverySync() throws IOException {
    Tape tape = replacements();
    for (int sync : tape.syncs()) {
      boolean found = PowerCut.fails(tape.without(sync), STATES, 2, DiskPowerCutTest::read);
      assertThat(found).as("without step %d, %s", sync, tape.steps().get(sync)).isTrue();
    }
  }

  @Test
  void findsARenameBeforeItsSync() throws IOException {
    Tape early = replacements().movesBeforeSync();
    assertThat(PowerCut.fails(early, STATES, 3, DiskPowerCutTest::read)).isTrue();
  }
}
