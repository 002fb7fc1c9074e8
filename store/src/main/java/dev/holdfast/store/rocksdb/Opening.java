// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.store.StoreDamaged;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ChecksumType;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Statistics;
import org.rocksdb.StatsLevel;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;

/**
 * One opening of the database, and what has to be freed after it.
 *
 * @param mark null where the database is open for reading alone
 */
record Opening(
    RocksDB db, Statistics statistics, Deque<AutoCloseable> natives, @Nullable HighWaterMark mark) {
  private static final long BLOCK_CACHE_BYTES = 32L << 20;

  /**
   * Two parts of the cache. By itself RocksDB makes 64 parts of half a megabyte, and what no part
   * can hold is read from disk for each key: the index of a table file of 64 MB, for one.
   */
  private static final int CACHE_SHARD_BITS = 1;

  private static final long WRITE_BUFFER_BYTES = 16L << 20;
  private static final long WAL_BYTES = 64L << 20;

  /** How a directory is opened. */
  enum Mode {
    /** A new one is made where there is none. */
    CREATE,
    /** There must be one. */
    EXISTING,
    /** There must be one, and nothing in it is changed. */
    READ_ONLY
  }

  static Opening of(Path directory, Mode mode, RocksStore.Ground ground) {
    Deque<AutoCloseable> natives = new ArrayDeque<>();
    try {
      if (mode == Mode.CREATE) {
        // RocksDB syncs what it puts into its directory, but not the directory's own name.
        ground.disk().makeDirectories(directory);
      }
      boolean fresh = Inspection.isNew(directory);
      if (fresh && mode != Mode.CREATE) {
        throw new StoreDamaged("`" + directory + "` is missing or empty");
      }
      NativeLibrary.load(directory.resolve("native"), ground.disk());
      var statistics = keep(natives, new Statistics());
      statistics.setStatsLevel(StatsLevel.EXCEPT_DETAILED_TIMERS);
      Options options = options(natives).setCreateIfMissing(fresh).setStatistics(statistics);
      if (!fresh && mode != Mode.READ_ONLY) {
        TornManifest.look(directory, options, ground);
      }
      if (mode == Mode.READ_ONLY) {
        Path there = readable(directory, natives);
        look(directory, there, options, ground);
        RocksDB db = keep(natives, RocksDB.openReadOnly(options, there.toString()));
        return new Opening(db, statistics, natives, null);
      }
      RocksDB db = keep(natives, RocksDB.open(options, directory.toString()));
      checkFormat(db, directory);
      HighWaterMark mark = keep(natives, Inspection.mark(directory, db, ground.disk()));
      return new Opening(db, statistics, natives, mark);
    } catch (RocksDBException e) {
      free(natives);
      throw Inspection.refusal(directory, e);
    } catch (IOException e) {
      free(natives);
      throw Inspection.refusal(directory, e);
    } catch (RuntimeException e) {
      free(natives);
      throw e;
    }
  }

  /** Where a store is read without changing it: there, or at what its next opening makes of it. */
  private static Path readable(Path directory, Deque<AutoCloseable> natives) throws IOException {
    return TornManifest.isIn(directory)
        ? keep(natives, TornManifest.shadow(directory)).directory()
        : directory;
  }

  private static void look(Path directory, Path there, Options options, RocksStore.Ground ground)
      throws IOException, RocksDBException {
    try {
      Inspection.look(there, options, ground.readAtStart());
    } catch (StoreDamaged e) {
      String what = String.valueOf(e.getMessage());
      throw new StoreDamaged(what.replace(there.toString(), directory.toString()), e);
    }
  }

  static Options options(Deque<AutoCloseable> natives) {
    Cache cache = keep(natives, new LRUCache(BLOCK_CACHE_BYTES, CACHE_SHARD_BITS));
    BloomFilter filter = keep(natives, new BloomFilter(10));
    var table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setFilterPolicy(filter)
            .setCacheIndexAndFilterBlocks(true)
            // An index in parts: what a key needs of a table file's index is a few kilobytes.
            .setIndexType(IndexType.kTwoLevelIndexSearch)
            .setPartitionFilters(true)
            .setMetadataBlockSize(4096)
            .setPinTopLevelIndexAndFilter(true)
            .setChecksumType(ChecksumType.kXXH3);
    return keep(natives, new Options())
        // The last write, which nobody was told of, may be torn in any way after a power cut, and
        // tolerating a torn tail means one that is too short, no more. Inspection has refused
        // whatever is broken before it.
        .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
        .setParanoidChecks(true)
        .setWriteBufferSize(WRITE_BUFFER_BYTES)
        .setMaxWriteBufferNumber(2)
        .setMaxTotalWalSize(WAL_BYTES)
        .setMaxBackgroundJobs(2)
        .setMaxOpenFiles(256)
        // Values are sealed: there is nothing in them to compress.
        .setCompressionType(CompressionType.NO_COMPRESSION)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(1L << 20)
        .setKeepLogFileNum(2)
        .setTableFormatConfig(table);
  }

  static void checkFormat(RocksDB db, Path directory) throws RocksDBException {
    byte[] format = db.get(Layout.FORMAT_KEY);
    if (format == null) {
      try (var batch = new WriteBatch()) {
        batch.put(Layout.FORMAT_KEY, Layout.FORMAT);
        Engine.Writing.SYNCED.write(db, batch);
      }
    } else {
      Inspection.requireKnown(format, directory);
      if (!Arrays.equals(format, Layout.FORMAT)) {
        raise(db, format, directory);
      }
    }
  }

  /** From here on no older version opens the store: it would lose what it does not know. */
  private static void raise(RocksDB db, byte[] from, Path directory) throws RocksDBException {
    try (var batch = new WriteBatch()) {
      batch.put(Layout.FORMAT_KEY, Layout.FORMAT);
      Engine.Writing.SYNCED.write(db, batch);
    }
    System.getLogger("store")
        .log(
            System.Logger.Level.INFO,
            "the store at `{0}` had format {1} and has format {2} now; older versions refuse it",
            directory,
            from[0],
            Layout.FORMAT[0]);
  }

  static <T extends AutoCloseable> T keep(Deque<AutoCloseable> natives, T made) {
    natives.push(made);
    return made;
  }

  static void free(Deque<AutoCloseable> natives) {
    while (!natives.isEmpty()) {
      try {
        natives.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
