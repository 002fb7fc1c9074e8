// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.spine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/**
 * RocksDB's own synced writes, grouped by itself, from as many writers as there are connections.
 */
final class StorePeer implements AutoCloseable {
  /** About what one PutParameter keeps: the parameter, its version, its event. */
  private static final int VALUE = 2048;

  private final Options options;
  private final RocksDB db;
  private final WriteOptions synced;
  private final AtomicLong written = new AtomicLong();

  StorePeer(Path folder) throws RocksDBException {
    RocksDB.loadLibrary();
    synced = new WriteOptions().setSync(true);
    options = new Options().setCreateIfMissing(true);
    db = RocksDB.open(options, folder.toString());
  }

  /** Writes a second. */
  double run(Duration time) throws IOException, InterruptedException {
    List<Callable<long[]>> work = new ArrayList<>();
    long end = System.nanoTime() + time.toNanos();
    for (int i = 0; i < Load.CONNECTIONS; i++) {
      int writer = i;
      work.add(() -> new long[] {write(writer, end)});
    }
    long began = System.nanoTime();
    long written = 0;
    for (long count : Load.together(work)) {
      written += count;
    }
    return written / ((System.nanoTime() - began) / 1e9);
  }

  private long write(int writer, long end) throws RocksDBException {
    long count = 0;
    while (System.nanoTime() < end) {
      put(writer, count);
      count++;
    }
    return count;
  }

  /** Makes one synced write. */
  private void put(int writer, long number) throws RocksDBException {
    byte[] value = new byte[VALUE];
    ThreadLocalRandom.current().nextBytes(value);
    db.put(synced, ByteBuffer.allocate(12).putInt(writer).putLong(number).array(), value);
  }

  /** Makes one synced write under a key of its own. */
  void write() throws RocksDBException {
    put(-1, written.incrementAndGet());
  }

  @Override
  public void close() {
    db.close();
    synced.close();
    options.close();
  }
}
