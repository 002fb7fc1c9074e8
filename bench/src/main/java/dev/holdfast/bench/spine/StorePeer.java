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

  StorePeer(Path folder) throws RocksDBException {
    RocksDB.loadLibrary();
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
    byte[] value = new byte[VALUE];
    long count = 0;
    try (var synced = new WriteOptions().setSync(true)) {
      while (System.nanoTime() < end) {
        ThreadLocalRandom.current().nextBytes(value);
        db.put(synced, ByteBuffer.allocate(12).putInt(writer).putLong(count).array(), value);
        count++;
      }
    }
    return count;
  }

  @Override
  public void close() {
    db.close();
    options.close();
  }
}
