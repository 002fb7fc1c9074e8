// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.store.Commit;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Revision;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.StoreDamaged;
import dev.holdfast.store.StoreUnavailable;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/** What is acknowledged is on disk, and waiting for the disk stops nobody else. */
final class DurabilityTest {
  @TempDir private Path folder;

  private static Commit commit(int n) {
    return Commit.put(Key.of("k" + n), new byte[] {(byte) n});
  }

  /** True where each of some commits was preceded by a sync of its own. */
  private static boolean syncsBeforeItAcknowledges(RocksStore store) {
    boolean each = true;
    for (int i = 0; i < 20; i++) {
      long before = store.walSyncs();
      store.commit(commit(i));
      each &= store.walSyncs() > before;
    }
    return each;
  }

  @Test
  void acknowledgesNoCommitBeforeItsSync() {
    try (var store = RocksStore.open(folder)) {
      assertThat(syncsBeforeItAcknowledges(store)).isTrue();
    }
  }

  @Test
  void turnsRedWhenTheEngineAcknowledgesBeforeItsSync() {
    Engine.Writing unsynced =
        (db, batch) -> {
          try (var options = new WriteOptions().setSync(false)) {
            db.write(options, batch);
          }
        };
    try (var store = RocksStore.open(folder, unsynced)) {
      assertThat(syncsBeforeItAcknowledges(store)).isFalse();
    }
  }

  /** A disk whose writes wait until they are let through. */
  private static final class SlowDisk implements Engine.Writing {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch open = new CountDownLatch(1);
    final AtomicInteger writes = new AtomicInteger();

    @Override
    public void write(org.rocksdb.RocksDB db, org.rocksdb.WriteBatch batch)
        throws RocksDBException {
      writes.incrementAndGet();
      reached.countDown();
      try {
        if (!open.await(30, TimeUnit.SECONDS)) {
          throw new IllegalStateException("never let through");
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      Engine.Writing.SYNCED.write(db, batch);
    }
  }

  @Test
  void keepsVirtualThreadsRunningWhileManyWaitForTheDisk() throws Exception {
    var disk = new SlowDisk();
    int writers = 400;
    var acknowledged = new AtomicInteger();
    try (var store = RocksStore.open(folder, disk)) {
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < writers; i++) {
        int n = i;
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      store.commit(commit(n));
                      acknowledged.incrementAndGet();
                    }));
      }
      assertThat(disk.reached.await(30, TimeUnit.SECONDS)).isTrue();
      var others = new CountDownLatch(200);
      for (int i = 0; i < 200; i++) {
        Thread.ofVirtual()
            .start(
                () -> {
                  try (Snapshot snapshot = store.read()) {
                    if (snapshot.revision().equals(Revision.NONE)) {
                      others.countDown();
                    }
                  }
                });
      }
      assertThat(others.await(30, TimeUnit.SECONDS)).as("readers go on").isTrue();
      assertThat(acknowledged).as("nothing is acknowledged before its write").hasValue(0);
      disk.open.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(acknowledged).hasValue(writers);
      assertThat(disk.writes.get()).as("waiting commits share a write").isLessThan(writers / 4);
    }
  }

  @Test
  void acknowledgesNothingAfterAFailedWrite() {
    var failing = new AtomicBoolean();
    Engine.Writing disk =
        (db, batch) -> {
          if (failing.getAndSet(false)) {
            throw new RocksDBException("no space left");
          }
          Engine.Writing.SYNCED.write(db, batch);
        };
    try (var store = RocksStore.open(folder, disk)) {
      store.commit(commit(1));
      failing.set(true);
      assertThatThrownBy(() -> store.commit(commit(2))).isInstanceOf(StoreUnavailable.class);
      assertThatThrownBy(() -> store.commit(commit(3))).isInstanceOf(StoreUnavailable.class);
      try (Snapshot snapshot = store.read()) {
        assertThat(snapshot.list(KeyRange.ALL, 10)).hasSize(1);
      }
    }
    try (var store = RocksStore.open(folder)) {
      assertThat(store.commit(commit(4))).isEqualTo(new Revision(2));
    }
  }

  @Test
  void refusesADirectoryThatIsInUse() {
    try (var store = RocksStore.open(folder)) {
      store.commit(commit(1));
      assertThatThrownBy(() -> RocksStore.open(folder))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("in use by another process");
    }
  }

  @Test
  void opensWithoutTheTornTailAndRefusesDamageBeforeIt() throws Exception {
    Path whole = folder.resolve("whole");
    try (var store = RocksStore.open(whole)) {
      for (int i = 0; i < 100; i++) {
        store.commit(commit(i));
      }
    }
    Path torn = copy(whole, "torn");
    Path log = log(torn);
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 5);
    }
    Path cut = copy(torn, "cut");
    assertThatThrownBy(() -> RocksStore.open(cut).close())
        .isInstanceOf(StoreDamaged.class)
        .hasMessageContaining("revision 100 was acknowledged");
    HighWaterMark.write(
        torn, new Revision(99), Disk.local()); // as where the last commit was not answered yet
    try (var store = RocksStore.open(torn);
        Snapshot snapshot = store.read()) {
      assertThat(snapshot.revision()).isEqualTo(new Revision(99));
    }
    Path damaged = copy(whole, "damaged");
    byte[] bytes = Files.readAllBytes(log(damaged));
    bytes[bytes.length / 2] ^= 0x40;
    Files.write(log(damaged), bytes);
    assertThatThrownBy(() -> RocksStore.open(damaged).close()).isInstanceOf(StoreUnavailable.class);
  }

  private Path copy(Path from, String name) throws Exception {
    Path to = Files.createDirectory(folder.resolve(name));
    try (var files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  private static Path log(Path directory) throws Exception {
    try (var files = Files.list(directory)) {
      List<Path> logs = files.filter(file -> file.toString().endsWith(".log")).toList();
      assertThat(logs).hasSize(1);
      return logs.getFirst();
    }
  }

  @Test
  void copiesItselfWhileItServes() {
    try (var store = RocksStore.open(folder.resolve("live"))) {
      store.commit(commit(1));
      store.checkpoint(folder.resolve("copy"));
      store.commit(commit(2));
    }
    try (var copy = RocksStore.open(folder.resolve("copy"));
        Snapshot snapshot = copy.read()) {
      assertThat(snapshot.list(KeyRange.ALL, 10))
          .extracting(Entry::key)
          .containsExactly(Key.of("k1"));
    }
  }

  @Test
  void survivesSnapshotsThatOutliveIt() {
    Snapshot left;
    try (var store = RocksStore.open(folder)) {
      store.commit(commit(1));
      left = store.read();
    }
    assertThatThrownBy(() -> left.get(Key.of("k1"))).isInstanceOf(StoreUnavailable.class);
    left.close();
  }

  @Test
  void refusesANewerFormatAndChangesNothing() throws Exception {
    Path newer = folder.resolve("newer");
    RocksStore.open(newer).close();
    try (var options = new org.rocksdb.Options();
        var db = org.rocksdb.RocksDB.open(options, newer.toString())) {
      db.put(Layout.FORMAT_KEY, new byte[] {9});
    }
    Map<String, String> before = everything(newer);
    assertThatThrownBy(() -> RocksStore.open(newer))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining(newer + "` has format 9")
        .hasMessageContaining("run the version that wrote it, or a newer one");
    assertThat(everything(newer)).isEqualTo(before).isNotEmpty();
  }

  /** Every name below a folder with its mode and its bytes. */
  private static Map<String, String> everything(Path folder) throws Exception {
    var found = new TreeMap<String, String>();
    try (var files = Files.walk(folder)) {
      for (Path path : files.toList()) {
        found.put(
            folder.relativize(path).toString(),
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                + " "
                + (Files.isDirectory(path) ? "" : Hashes.sha256Hex(Files.readAllBytes(path))));
      }
    }
    return found;
  }
}
