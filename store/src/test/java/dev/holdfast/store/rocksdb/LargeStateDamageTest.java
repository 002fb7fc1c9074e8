// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.store.Commit;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.StoreDamaged;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.space.DiskAlarm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage in a table file that a start does not read is made known by whoever meets it. */
final class LargeStateDamageTest {
  private static final int KEYS = 400;

  @TempDir private Path folder;

  private Path table = Path.of("");
  private int middle;

  @BeforeEach
  void hurt() throws IOException {
    try (var store = RocksStore.open(folder)) {
      var random = new Random(1);
      for (int i = 0; i < KEYS; i++) {
        byte[] value = new byte[300];
        random.nextBytes(value);
        store.commit(Commit.put(Key.of("k" + i), value));
      }
      store.flush();
    }
    try (Stream<Path> files = Files.list(folder)) {
      table =
          files
              .filter(file -> file.toString().endsWith(".sst"))
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
    }
    middle = (int) Files.size(table) / 2;
    flip();
  }

  private void flip() throws IOException {
    byte[] bytes = Files.readAllBytes(table);
    bytes[middle] ^= 1;
    Files.write(table, bytes);
  }

  private RocksStore open(long readAtStart) {
    return RocksStore.openExisting(
        folder, DiskAlarm.NONE, new RocksStore.Ground(Disk.local(), readAtStart));
  }

  @Test
  void aStartThatReadsItRefuses() {
    assertThatThrownBy(() -> open(RocksStore.Ground.READ_AT_START).close())
        .isInstanceOf(StoreDamaged.class);
  }

  @Test
  void aLookAtAllChecksumsMakesItKnownUntilOneFindsNothing() throws IOException {
    try (var store = open(0)) {
      assertThat(store.damage()).isEmpty();
      assertThatThrownBy(store::verifyChecksums).isInstanceOf(StoreUnavailable.class);
      assertThat(store.damage())
          .singleElement()
          .asString()
          .contains(table.getFileName().toString())
          .contains("checksum");
      assertThatThrownBy(store::verifyChecksums).isInstanceOf(StoreUnavailable.class);
      assertThat(store.damage()).as("each file once").hasSize(1);
      flip();
      store.verifyChecksums();
      assertThat(store.damage()).isEmpty();
    }
  }

  @Test
  void aReadThatMeetsItMakesItKnown() {
    try (var store = open(0);
        Snapshot snapshot = store.read()) {
      assertThatThrownBy(() -> snapshot.list(KeyRange.ALL, KEYS))
          .isInstanceOf(StoreUnavailable.class);
      assertThat(store.damage()).hasSize(1);
    }
  }
}
