// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import java.util.Locale;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What a failed call of RocksDB means for the ones after it, and for what is on disk. */
enum DiskFault {
  /**
   * No space, or no inode: RocksDB flushes what it holds and begins a new log as soon as there is
   * space, by itself, and only then takes writes again.
   */
  FULL,
  /** The file system takes no writes of ours, which an operator can change: opened again then. */
  REFUSED,
  /** This process may not open a file, or no more of them: the bytes on disk are as they were. */
  DENIED,
  /** Anything else, a failed sync above all: nobody can say what is on disk. */
  BROKEN;

  static DiskFault of(RocksDBException failure) {
    Status status = failure.getStatus();
    if (status != null && status.getSubCode() == Status.SubCode.NoSpace) {
      return FULL;
    }
    return of(String.valueOf(failure.getMessage()));
  }

  /** RocksDB has no code of its own for EROFS, EDQUOT, EACCES and EMFILE, only strerror's words. */
  private static DiskFault of(String words) {
    String text = words.toLowerCase(Locale.ROOT);
    if (text.contains("read-only file system") || text.contains("quota exceeded")) {
      return REFUSED;
    }
    return text.contains("permission denied") || text.contains("too many open files")
        ? DENIED
        : BROKEN;
  }
}
