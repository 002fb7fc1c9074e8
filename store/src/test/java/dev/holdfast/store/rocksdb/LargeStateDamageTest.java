// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.store.Commit;
import dev.holdfast.store.Expect;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Revision;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.StoreDamaged;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.space.DiskAlarm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Damage in a table file that a start does not read is made known by whoever meets it. */
final class LargeStateDamageTest {
  private static final int KEYS = 400;

  @TempDir private Path folder;

  private Path table = Path.of("");
  private int middle;

  @BeforeEach
  void hurt() throws IOException, RocksDBException {
    try (var store = RocksStore.open(folder)) {
      var random = new Random(1);
      for (int i = 0; i < KEYS; i++) {
        byte[] value = new byte[300];
        random.nextBytes(value);
        store.commit(Commit.put(Key.of("k" + i), value));
      }
      store.flush();
    }
    settle();
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

  /** Merges all there is, so that RocksDB does not begin to by itself and meets the damage. */
  private void settle() throws RocksDBException {
    var natives = new ArrayDeque<AutoCloseable>();
    try (var whole =
        new CompactRangeOptions()
            .setBottommostLevelCompaction(CompactRangeOptions.BottommostLevelCompaction.kForce)) {
      RocksDB db = Opening.keep(natives, RocksDB.open(Opening.options(natives), folder.toString()));
      db.compactRange(db.getDefaultColumnFamily(), null, null, whole);
    } finally {
      Opening.free(natives);
    }
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

  @Test
  void aCommitThatMeetsItIsRefusedAndTheNextIsMade() {
    var broken = new AtomicInteger();
    var alarm =
        new DiskAlarm() {
          @Override
          public boolean full() {
            return false;
          }

          @Override
          public void broken(StoreUnavailable reason) {
            broken.incrementAndGet();
          }
        };
    try (var store =
        RocksStore.openExisting(folder, alarm, new RocksStore.Ground(Disk.local(), 0))) {
      Key hurt = unreadable(store);
      assertThatThrownBy(() -> store.commit(Commit.delete(hurt)))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("cannot read");
      assertThatThrownBy(() -> store.commit(new Commit(List.of(absent(hurt)), Map.of(), Set.of())))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("cannot read");
      assertThat(store.commit(Commit.put(Key.of("other"), new byte[1])))
          .isEqualTo(new Revision(KEYS + 1));
      store.commit(Commit.put(hurt, new byte[] {2})); // which reads nothing
      store.commit(Commit.delete(hurt));
    }
    assertThat(broken).hasValue(0);
  }

  private static Expect absent(Key key) {
    return new Expect.Point(key, Revision.NONE);
  }

  private static Key unreadable(RocksStore store) {
    try (Snapshot snapshot = store.read()) {
      for (int i = 0; i < KEYS; i++) {
        Key key = Key.of("k" + i);
        try {
          snapshot.get(key);
        } catch (StoreUnavailable _) {
          return key;
        }
      }
    }
    throw new AssertionError("every key can be read");
  }
}
