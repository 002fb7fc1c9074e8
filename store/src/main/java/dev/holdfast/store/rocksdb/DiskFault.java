// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import java.util.Locale;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What a failed write of RocksDB means for the ones after it. */
enum DiskFault {
  /**
   * No space, or no inode: RocksDB flushes what it holds and begins a new log as soon as there is
   * space, by itself, and only then takes writes again.
   */
  FULL,
  /** The file system takes no writes of ours, which an operator can change: opened again then. */
  REFUSED,
  /** Anything else, a failed sync above all: nobody can say what is on disk. */
  BROKEN;

  static DiskFault of(RocksDBException failure) {
    Status status = failure.getStatus();
    if (status != null && status.getSubCode() == Status.SubCode.NoSpace) {
      return FULL;
    }
    // RocksDB has no code of its own for EROFS and EDQUOT, only strerror's words.
    String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return text.contains("read-only file system") || text.contains("quota exceeded")
        ? REFUSED
        : BROKEN;
  }
}
