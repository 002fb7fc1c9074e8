// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.store.StoreDamaged;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Reads the frames of RocksDB's logs, the manifest among them, to tell a torn end from damage.
 *
 * <p>Each write is synced before the next one begins. So a crash can tear the last record alone,
 * and a whole record that begins after a broken one proves that the broken one was once whole.
 * RocksDB itself takes a broken length in the last block for a torn end, and a broken type can keep
 * it busy for ever.
 *
 * @see <a href="https://github.com/facebook/rocksdb/wiki/Write-Ahead-Log-File-Format">the
 *     format</a>
 */
final class LogFormat {
  private static final int BLOCK = 32 * 1024;
  private static final int HEADER = 7;
  private static final int FULL = 1;
  private static final int FIRST = 2;
  private static final int LAST = 4;

  private final ByteBuffer bytes;
  private final int size;

  private LogFormat(ByteBuffer bytes) {
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    this.size = bytes.limit();
  }

  /**
   * Checks a log.
   *
   * @return how much of it is whole; less than its size where its end is torn
   * @throws StoreDamaged where it is broken before its end
   */
  static int check(Path file) throws IOException {
    try (FileChannel channel = Disk.local().read(file)) {
      var log = new LogFormat(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
      int broken = log.firstBroken();
      if (broken < log.size && (log.isForeign(broken) || log.goesOnAfter(broken))) {
        throw new StoreDamaged("`%s` is damaged at byte %d".formatted(file, broken));
      }
      return broken;
    }
  }

  /** What is done with each record. */
  interface Visitor {
    /**
     * Takes a record.
     *
     * @param start its bytes, or as many as are in its first piece; little-endian
     */
    void record(ByteBuffer start);
  }

  /** Shows the records of a log in turn, up to where it is broken. */
  static void eachRecord(Path file, Visitor visitor) throws IOException {
    try (FileChannel channel = Disk.local().read(file)) {
      var log = new LogFormat(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
      int _ = log.walk(visitor);
    }
  }

  /** Where the first record is that is not whole; the size where all are. */
  private int firstBroken() {
    return walk(_ -> {});
  }

  private int walk(Visitor visitor) {
    int at = 0;
    while (at < size) {
      int left = BLOCK - at % BLOCK;
      if (left < HEADER) {
        at += left;
      } else if (isWhole(at)) {
        if (bytes.get(at + 6) <= FIRST) {
          visitor.record(bytes.slice(at + HEADER, length(at)).order(ByteOrder.LITTLE_ENDIAN));
        }
        at += HEADER + length(at);
      } else {
        return at;
      }
    }
    return size;
  }

  private int length(int at) {
    return Short.toUnsignedInt(bytes.getShort(at + 4));
  }

  private boolean isWhole(int at) {
    if (at + HEADER > size) {
      return false;
    }
    int type = bytes.get(at + 6);
    int length = length(at);
    int end = at + HEADER + length;
    if (type < FULL || type > LAST || end > size || at / BLOCK != (end - 1) / BLOCK) {
      return false;
    }
    var crc = new CRC32C();
    crc.update(bytes.slice(at + 6, 1 + length));
    int value = (int) crc.getValue();
    int masked = ((value >>> 15) | (value << 17)) + 0xa282ead8;
    return masked == bytes.getInt(at);
  }

  /** Whether a record's type is none that was ever written; what a crash leaves is zero. */
  private boolean isForeign(int at) {
    return at + HEADER <= size && (bytes.get(at + 6) < 0 || bytes.get(at + 6) > LAST);
  }

  /** Whether a whole record begins anywhere after a broken one. */
  private boolean goesOnAfter(int broken) {
    for (int at = broken + 1; at + HEADER <= size; at++) {
      int type = bytes.get(at + 6);
      if ((type == FULL || type == FIRST) && length(at) > 0 && isWhole(at)) {
        return true;
      }
    }
    return false;
  }
}
