// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.store.Commit;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Revision;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.StoreDamaged;
import dev.holdfast.store.StoreFull;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.space.DiskAlarm;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;

/** A disk that is full or takes no writes stops nothing for ever; one that fails ends the store. */
final class DiskFullTest {
  private static final Status NO_SPACE =
      new Status(Status.Code.IOError, Status.SubCode.NoSpace, "No space left on device");
  private static final Status READ_ONLY =
      new Status(Status.Code.IOError, Status.SubCode.None, "Read-only file system");
  private static final Status FAILED_SYNC =
      new Status(Status.Code.IOError, Status.SubCode.None, "While fsync: Input/output error");

  @TempDir private Path folder;

  /** A disk that fails with a status, before or after the bytes reached it. */
  private static final class Disk implements Engine.Writing, DiskAlarm {
    final AtomicReference<@Nullable Status> failing = new AtomicReference<>();
    final AtomicInteger broken = new AtomicInteger();
    boolean wholeAllTheSame;
    int failuresAfterRelease = -1;

    @Override
    public void write(RocksDB db, WriteBatch batch) throws RocksDBException {
      Status status = failing.get();
      if (status != null && failuresAfterRelease-- == 0) {
        failing.set(null);
        status = null;
      }
      if (status == null || wholeAllTheSame) {
        Engine.Writing.SYNCED.write(db, batch);
      }
      if (status != null) {
        throw new RocksDBException(status);
      }
    }

    @Override
    public boolean full() {
      return failuresAfterRelease >= 0;
    }

    @Override
    public void broken(StoreUnavailable reason) {
      broken.incrementAndGet();
    }
  }

  private final Disk disk = new Disk();

  private RocksStore open() {
    return RocksStore.open(folder, disk, disk);
  }

  private static Commit commit(String key) {
    return Commit.put(Key.of(key), new byte[] {1});
  }

  private static boolean holds(RocksStore store, String key) {
    try (Snapshot snapshot = store.read()) {
      Entry entry = snapshot.get(Key.of(key));
      return entry != null;
    }
  }

  @Test
  void refusesCommitsWhileTheDiskIsFullAndGoesOnByItself() {
    try (var store = open()) {
      store.commit(commit("a"));
      disk.failing.set(NO_SPACE);
      assertThatThrownBy(() -> store.commit(commit("b"))).isInstanceOf(StoreFull.class);
      assertThatThrownBy(() -> store.commit(commit("c"))).isInstanceOf(StoreFull.class);
      assertThat(holds(store, "a")).as("reads go on").isTrue();
      disk.failing.set(null);
      assertThat(store.commit(commit("d"))).isEqualTo(new Revision(2));
      assertThat(disk.broken).hasValue(0);
    }
    try (var store = open()) {
      assertThat(holds(store, "b")).isFalse();
      assertThat(holds(store, "c")).isFalse();
      assertThat(holds(store, "d")).isTrue();
    }
  }

  @Test
  void waitsForWhatTheReserveGivesBack() {
    try (var store = open()) {
      disk.failing.set(NO_SPACE);
      disk.failuresAfterRelease = 3;
      assertThat(store.commit(commit("a"))).isEqualTo(new Revision(1));
    }
  }

  @Test
  void opensItselfAnewOnceTheFileSystemTakesWritesAgain() {
    try (var store = open();
        var watch = store.watch(KeyRange.ALL, Revision.NONE)) {
      store.commit(commit("a"));
      Snapshot before = store.read();
      disk.failing.set(READ_ONLY);
      assertThatThrownBy(() -> store.commit(commit("b"))).isInstanceOf(StoreFull.class);
      assertThat(before.get(Key.of("a"))).as("reads go on").isNotNull();
      disk.failing.set(null);
      assertThat(store.commit(commit("c"))).isEqualTo(new Revision(2));
      assertThat(holds(store, "b")).isFalse();
      assertThat(holds(store, "c")).isTrue();
      assertThatThrownBy(() -> before.get(Key.of("a")))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("read again");
      assertThatThrownBy(() -> before.list(KeyRange.ALL, 1)).isInstanceOf(StoreUnavailable.class);
      before.close();
      assertThat(watch.next(Duration.ofSeconds(10))).hasSize(2);
    }
  }

  @Test
  void learnsWhetherARefusedBatchWasKeptAllTheSame() {
    try (var store = open();
        var watch = store.watch(KeyRange.ALL, Revision.NONE)) {
      disk.failing.set(READ_ONLY);
      disk.wholeAllTheSame = true;
      assertThatThrownBy(() -> store.commit(commit("a"))).isInstanceOf(StoreFull.class);
      disk.failing.set(null);
      assertThat(store.commit(commit("b"))).isEqualTo(new Revision(2));
      assertThat(holds(store, "a")).isTrue();
      assertThat(watch.next(Duration.ofSeconds(10))).hasSize(2);
    }
  }

  @Test
  void acknowledgesNothingAfterASyncThatFailedOnce() {
    try (var store = open()) {
      store.commit(commit("a"));
      disk.failing.set(FAILED_SYNC);
      disk.wholeAllTheSame = true;
      assertThatThrownBy(() -> store.commit(commit("b")))
          .isInstanceOf(StoreUnavailable.class)
          .isNotInstanceOf(StoreFull.class);
      disk.failing.set(null);
      assertThatThrownBy(() -> store.commit(commit("c"))).isInstanceOf(StoreUnavailable.class);
    }
    // Told after the answer, and before the end.
    assertThat(disk.broken).as("told once").hasValue(1);
    try (var store = open()) {
      assertThat(holds(store, "a")).isTrue();
      assertThat(holds(store, "c")).isFalse();
      assertThat(store.commit(commit("d"))).isEqualTo(new Revision(3));
    }
  }

  @Test
  void aDiskThatIsTooFullToOpenIsNoDamage() {
    var full =
        new RocksDBException(
            "No space left on device",
            new Status(Status.Code.IOError, Status.SubCode.NoSpace, "No space left on device"));
    assertThat(Inspection.refusal(Path.of("state"), full))
        .isInstanceOf(StoreFull.class)
        .hasMessageContaining("is full")
        .hasMessageContaining("nothing is lost");
  }

  @ParameterizedTest
  @CsvSource({
    "While open a file for random read: /d/000009.sst: Permission denied, chown",
    "While open a file for appending: /d/000010.log: Too many open files, ulimit -n"
  })
  void aFileThatMayNotBeOpenedIsNoDamage(String words, String remedy) {
    var denied =
        new RocksDBException(words, new Status(Status.Code.IOError, Status.SubCode.None, words));
    assertThat(Inspection.refusal(Path.of("state"), denied))
        .isNotInstanceOf(StoreDamaged.class)
        .hasMessageContainingAll(words, remedy, "nothing is lost");
    var damage = new FoundDamage();
    damage.met(Path.of("state"), denied);
    assertThat(damage.lines()).isEmpty();
  }

  @Test
  void whatKeepsItFromOpeningIsSaid() throws IOException {
    open().close();
    Path mark = folder.resolve("HIGH-WATER");
    Files.delete(mark);
    Files.createDirectory(mark);
    assertThatThrownBy(() -> open().close())
        .isInstanceOf(StoreUnavailable.class)
        .isNotInstanceOf(StoreDamaged.class)
        .hasMessageContaining("Is a directory");
  }

  @Test
  void aFileOfOursThatMayNotBeReadIsNamed() {
    assertThat(Inspection.refusal(Path.of("state"), new AccessDeniedException("state/HIGH-WATER")))
        .isNotInstanceOf(StoreDamaged.class)
        .hasMessageContainingAll("state/HIGH-WATER: Permission denied", "chown", "nothing is lost");
  }
}
