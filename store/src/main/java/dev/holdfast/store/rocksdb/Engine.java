// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.RangeState;
import dev.holdfast.store.Revision;
import dev.holdfast.store.StoreUnavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
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

  /** More than a block. */
  private static final int PROBE_BYTES = 8 * 1024;

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

  private final Path directory;
  private final Set<Snapshot> snapshots = new HashSet<>();
  private Opened opened;

  /** How often the database was opened: a snapshot of an earlier time is no more. */
  private int generation;

  private boolean closed;

  /** One opening of the database, and what has to be freed after it. */
  private record Opened(RocksDB db, Statistics statistics, Deque<AutoCloseable> natives) {}

  private Engine(Path directory, Opened opened) {
    this.directory = directory;
    this.opened = opened;
  }

  static Engine open(Path directory) {
    return new Engine(directory, opened(directory));
  }

  private static Opened opened(Path directory) {
    Deque<AutoCloseable> natives = new ArrayDeque<>();
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      NativeLibrary.load(directory.resolve("native"));
      var statistics = keep(natives, new Statistics());
      statistics.setStatsLevel(StatsLevel.EXCEPT_DETAILED_TIMERS);
      Options options = options(natives).setStatistics(statistics);
      RocksDB db = keep(natives, RocksDB.open(options, directory.toString()));
      checkFormat(db, directory);
      return new Opened(db, statistics, natives);
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

  private static void checkFormat(RocksDB db, Path directory) throws RocksDBException {
    byte[] format = db.get(Layout.FORMAT_KEY);
    if (format == null) {
      try (var batch = new WriteBatch()) {
        batch.put(Layout.FORMAT_KEY, Layout.FORMAT);
        Writing.SYNCED.write(db, batch);
      }
    } else if (!Arrays.equals(format, Layout.FORMAT)) {
      throw new StoreUnavailable(
          "the store at `"
              + directory
              + "` has format "
              + Byte.toUnsignedInt(format.length == 0 ? 0 : format[0])
              + ", and this Holdfast knows formats up to "
              + Layout.FORMAT[0]
              + " only: run the version that wrote it, or a newer one; nothing was changed");
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
      return call.run(opened.db());
    } catch (RocksDBException e) {
      throw new StoreUnavailable("the store cannot read: " + e.getMessage(), e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** As {@link #call(Call)}, on behalf of a snapshot, which must be of the present opening. */
  <R extends @Nullable Object> R call(@Nullable Pinned pinned, Call<R> call) {
    return call(
        db -> {
          if (pinned != null && pinned.generation() != generation) {
            throw new StoreUnavailable("the store was opened anew; read again");
          }
          return call.run(db);
        });
  }

  /** Writes a batch; what RocksDB says of a failure is the caller's to judge. */
  void write(Writing writing, WriteBatch batch) throws RocksDBException {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new StoreUnavailable("the store is closed");
      }
      writing.write(opened.db(), batch);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Whether the directory takes a synced write now. */
  boolean writable() {
    Path probe = directory.resolve("probe");
    try (FileChannel channel =
        FileChannel.open(probe, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(PROBE_BYTES));
      channel.force(true);
      return true;
    } catch (IOException _) {
      return false;
    } finally {
      try {
        Files.deleteIfExists(probe);
      } catch (IOException _) {
        // it is written over by the next one
      }
    }
  }

  /**
   * Opens the database again, with the recovery that a new process makes: RocksDB takes no more
   * writes after one that failed, except where it was space that it lacked. Snapshots end.
   *
   * @throws StoreUnavailable where it does not open; then nothing can be read any more either
   */
  void reopen() {
    lock.writeLock().lock();
    try {
      if (closed) {
        throw new StoreUnavailable("the store is closed");
      }
      end();
      closed = true;
      opened = opened(directory);
      closed = false;
      generation++;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** A snapshot and the opening that it belongs to. */
  record Pinned(Snapshot snapshot, int generation) {}

  Pinned snapshot() {
    return call(
        d -> {
          Snapshot snapshot = d.getSnapshot();
          synchronized (snapshots) {
            snapshots.add(snapshot);
          }
          return new Pinned(snapshot, generation);
        });
  }

  void release(Pinned pinned) {
    Snapshot snapshot = pinned.snapshot();
    lock.readLock().lock();
    try {
      boolean open;
      synchronized (snapshots) {
        open = snapshots.remove(snapshot);
      }
      if (open && !closed) {
        opened.db().releaseSnapshot(snapshot);
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The newest revision that was written. */
  Revision revision(@Nullable Pinned pinned, ReadOptions options) {
    byte[] stored = call(pinned, d -> d.get(options, Layout.REVISION_KEY));
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
  void walk(@Nullable Pinned pinned, KeyRange range, Visitor visitor) {
    if (range.isEmpty()) {
      return;
    }
    Key to = range.to();
    call(
        pinned,
        d -> {
          try (var options = new ReadOptions();
              var end = new Slice(to == null ? Layout.END : Layout.stored(to))) {
            options.setIterateUpperBound(end);
            if (pinned != null) {
              options.setSnapshot(pinned.snapshot());
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

  RangeState state(@Nullable Pinned pinned, KeyRange range) {
    var state = new RangeState[] {RangeState.EMPTY};
    byte[] header = new byte[Long.BYTES];
    walk(
        pinned,
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
    return call(_ -> opened.statistics().getTickerCount(TickerType.WAL_FILE_SYNCED));
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
        end();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void end() {
    snapshots.forEach(opened.db()::releaseSnapshot);
    snapshots.clear();
    free(opened.natives());
  }
}
