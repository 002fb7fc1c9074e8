// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.Secret;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.FailingDisk;
import dev.holdfast.kit.disk.PowerCut;
import dev.holdfast.kit.disk.RecordingDisk;
import dev.holdfast.kit.disk.Step;
import dev.holdfast.kit.disk.Tape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whenever the power goes, a key that counts as exported is there, and can be read. */
class KeyExportPowerCutTest {
  private static final int STATES = PowerCut.isLong() ? 12_000 : 400;

  private Path root = Path.of("");

  @BeforeEach
  void make() throws IOException {
    root = PowerCut.folder();
  }

  @AfterEach
  void clear() throws IOException {
    PowerCut.clear(root);
  }

  private static Secret key() {
    byte[] bytes = new byte[RootKey.BYTES];
    Arrays.fill(bytes, (byte) 7);
    return new Secret(bytes);
  }

  private Tape export() throws IOException {
    var disk = new RecordingDisk(root);
    try (Secret key = key()) {
      KeyExport.write(key, root.resolve("copy.key"), disk);
      disk.promise("exported");
      KeyExport.write(key, root.resolve("another.key"), disk);
    }
    return disk.tape();
  }

  private static void check(Path root, Disk disk, List<Object> promised) throws IOException {
    Path file = root.resolve("copy.key");
    if (!promised.isEmpty()) {
      try (Secret read = RootKey.read(file);
          Secret key = key()) {
        assertThat(read).isEqualTo(key);
      }
    } else if (Files.exists(file)) {
      try (Secret key = key()) {
        assertThatThrownBy(() -> KeyExport.write(key, file, disk)).isInstanceOf(Refusal.class);
      }
    }
  }

  @Test
  void isThereOnceItCounts() throws IOException {
    PowerCut.play("an exported key", export(), STATES, 1, KeyExportPowerCutTest::check);
  }

  @Test
  void isFoundOutWithoutSyncs() throws IOException {
    Tape tape = export();
    for (Tape careless :
        List.of(tape.withoutAll(Step.Sync.class), tape.withoutAll(Step.SyncDirectory.class))) {
      assertThat(PowerCut.fails(careless, STATES, 2, KeyExportPowerCutTest::check)).isTrue();
    }
  }

  @Test
  void leavesNoKeyWhereItCouldNotBeMadeDurable() throws IOException {
    var disk = new FailingDisk();
    try (Secret key = key()) {
      disk.failNext(path -> path.endsWith("copy.key"));
      assertThatThrownBy(() -> KeyExport.write(key, root.resolve("copy.key"), disk))
          .isInstanceOf(IOException.class);
      assertThat(root.resolve("copy.key")).doesNotExist();
      KeyExport.write(key, root.resolve("copy.key"), disk);
      assertThatThrownBy(() -> KeyExport.write(key, root.resolve("copy.key"), disk))
          .isInstanceOf(Refusal.class);
      assertThat(root.resolve("copy.key")).as("is never taken away").exists();
    }
  }
}
