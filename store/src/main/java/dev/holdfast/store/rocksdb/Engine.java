// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.RangeState;
import dev.holdfast.store.Revision;
import dev.holdfast.store.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.ChecksumType;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.Statistics;
import org.rocksdb.StatsLevel;
import org.rocksdb.TickerType;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The native database, never touched after its end: a call into freed native memory would take the
 * whole process down, so each call holds {@code lock} shared and closing holds it alone.
 */
final class Engine implements AutoCloseable {
  private static final long BLOCK_CACHE_BYTES = 32L << 20;
  private static final long WRITE_BUFFER_BYTES = 16L << 20;
  private static final long WAL_BYTES = 64L << 20;

  /** Hands a batch to RocksDB; a seam for tests, which hold a write back or make it fail. */
  interface Writing {
    Writing SYNCED =
        (db, batch) -> {
          try (var options = new WriteOptions().setSync(true)) {
            db.write(options, batch);
          }
        };

    void write(RocksDB db, WriteBatch batch) throws RocksDBException;
  }

  /** A native call. */
  interface Call<R extends @Nullable Object> {
    R run(RocksDB db) throws RocksDBException;
  }

  /** Guards the life of {@code db}: shared by calls, exclusive for closing. */
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private final RocksDB db;
  private final Statistics statistics;
  private final Deque<AutoCloseable> natives;
  private final Set<Snapshot> snapshots = new HashSet<>();
  private boolean closed;

  private Engine(RocksDB db, Statistics statistics, Deque<AutoCloseable> natives) {
    this.db = db;
    this.statistics = statistics;
    this.natives = natives;
  }

  static Engine open(Path directory) {
    Deque<AutoCloseable> natives = new ArrayDeque<>();
    try {
      // RocksDB syncs what it puts into its directory, but not the directory's own name.
      Disk.local().makeDirectories(directory);
      NativeLibrary.load(directory.resolve("native"));
      var statistics = keep(natives, new Statistics());
      statistics.setStatsLevel(StatsLevel.EXCEPT_DETAILED_TIMERS);
      Options options = options(natives).setStatistics(statistics);
      RocksDB db = keep(natives, RocksDB.open(options, directory.toString()));
      checkFormat(db);
      return new Engine(db, statistics, natives);
    } catch (RocksDBException e) {
      free(natives);
      String reason = String.valueOf(e.getMessage());
      throw new StoreUnavailable(
          reason.contains("lock")
              ? "the store at `" + directory + "` is in use by another process"
              : "the store at `" + directory + "` does not open: " + reason,
          e);
    } catch (IOException e) {
      free(natives);
      throw new StoreUnavailable("the store at `" + directory + "` does not open", e);
    } catch (RuntimeException e) {
      free(natives);
      throw e;
    }
  }

  private static Options options(Deque<AutoCloseable> natives) {
    Cache cache = keep(natives, new LRUCache(BLOCK_CACHE_BYTES));
    BloomFilter filter = keep(natives, new BloomFilter(10));
    var table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setFilterPolicy(filter)
            .setCacheIndexAndFilterBlocks(true)
            .setChecksumType(ChecksumType.kXXH3);
    return keep(natives, new Options())
        .setCreateIfMissing(true)
        // A torn tail is a commit that was never acknowledged; damage before it stops the opening.
        .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
        .setParanoidChecks(true)
        .setWriteBufferSize(WRITE_BUFFER_BYTES)
        .setMaxWriteBufferNumber(2)
        .setMaxTotalWalSize(WAL_BYTES)
        .setMaxBackgroundJobs(2)
        .setMaxOpenFiles(256)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(1L << 20)
        .setKeepLogFileNum(2)
        .setTableFormatConfig(table);
  }

  private static void checkFormat(RocksDB db) throws RocksDBException {
    byte[] format = db.get(Layout.FORMAT_KEY);
    if (format == null) {
      try (var batch = new WriteBatch()) {
        batch.put(Layout.FORMAT_KEY, Layout.FORMAT);
        Writing.SYNCED.write(db, batch);
      }
    } else if (!Arrays.equals(format, Layout.FORMAT)) {
      throw new StoreUnavailable("the store was written by another version of its format");
    }
  }

  private static <T extends AutoCloseable> T keep(Deque<AutoCloseable> natives, T made) {
    natives.push(made);
    return made;
  }

  private static void free(Deque<AutoCloseable> natives) {
    while (!natives.isEmpty()) {
      try {
        natives.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Makes a native call; a failure of RocksDB or a closed store is {@link StoreUnavailable}. */
  <R extends @Nullable Object> R call(Call<R> call) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new StoreUnavailable("the store is closed");
      }
      return call.run(db);
    } catch (RocksDBException e) {
      throw new StoreUnavailable("the store cannot read: " + e.getMessage(), e);
    } finally {
      lock.readLock().unlock();
    }
  }

  Snapshot snapshot() {
    return call(
        d -> {
          Snapshot snapshot = d.getSnapshot();
          synchronized (snapshots) {
            snapshots.add(snapshot);
          }
          return snapshot;
        });
  }

  void release(Snapshot snapshot) {
    lock.readLock().lock();
    try {
      boolean open;
      synchronized (snapshots) {
        open = snapshots.remove(snapshot);
      }
      if (open && !closed) {
        db.releaseSnapshot(snapshot);
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The newest revision that was written. */
  Revision revision(ReadOptions options) {
    byte[] stored = call(d -> d.get(options, Layout.REVISION_KEY));
    return stored == null ? Revision.NONE : Layout.revision(stored);
  }

  /** The revision of a key, {@link Revision#NONE} where it is absent. */
  Revision modRevision(Key key) {
    byte[] header = new byte[Long.BYTES];
    int size = call(d -> d.get(Layout.stored(key), header));
    return size == RocksDB.NOT_FOUND ? Revision.NONE : Layout.revision(header);
  }

  /** What to do with each entry of a range; false ends the walk. */
  interface Visitor {
    boolean visit(RocksIterator at);
  }

  /** Walks a range in key order, in the newest state or in that of a snapshot. */
  void walk(@Nullable Snapshot snapshot, KeyRange range, Visitor visitor) {
    if (range.isEmpty()) {
      return;
    }
    Key to = range.to();
    call(
        d -> {
          try (var options = new ReadOptions();
              var end = new Slice(to == null ? Layout.END : Layout.stored(to))) {
            options.setIterateUpperBound(end);
            if (snapshot != null) {
              options.setSnapshot(snapshot);
            }
            try (RocksIterator iterator = d.newIterator(options)) {
              iterator.seek(Layout.stored(range.from()));
              while (iterator.isValid() && visitor.visit(iterator)) {
                iterator.next();
              }
              iterator.status();
            }
          }
          return true;
        });
  }

  RangeState state(@Nullable Snapshot snapshot, KeyRange range) {
    var state = new RangeState[] {RangeState.EMPTY};
    byte[] header = new byte[Long.BYTES];
    walk(
        snapshot,
        range,
        at -> {
          at.value(header);
          state[0] = state[0].plus(Layout.revision(header));
          return true;
        });
    return state[0];
  }

  /** How often the write-ahead log was synced since the store was opened. */
  long walSyncs() {
    return call(_ -> statistics.getTickerCount(TickerType.WAL_FILE_SYNCED));
  }

  /** Makes a consistent copy of the store in a new directory on the same file system. */
  void checkpoint(Path target) {
    call(
        d -> {
          try (var checkpoint = Checkpoint.create(d)) {
            checkpoint.createCheckpoint(target.toString());
          }
          return true;
        });
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        snapshots.forEach(db::releaseSnapshot);
        snapshots.clear();
        free(natives);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
