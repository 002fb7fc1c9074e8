// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.store.Revision;
import java.util.concurrent.atomic.AtomicInteger;
import org.rocksdb.ReadOptions;
import org.rocksdb.Snapshot;

/**
 * One state of the database, held for all who read it: making a native snapshot for each reader
 * would cost more than most reads do.
 */
final class Pin {
  final Snapshot snapshot;
  final ReadOptions options;
  final Revision revision;

  /** The opening of the database that the snapshot belongs to. */
  final int generation;

  /** The engine while this is the newest state, and each reader. */
  private final AtomicInteger holders = new AtomicInteger(1);

  Pin(Snapshot snapshot, ReadOptions options, Revision revision, int generation) {
    this.snapshot = snapshot;
    this.options = options;
    this.revision = revision;
    this.generation = generation;
  }

  /** One more holder; false where the last one has let go already. */
  boolean hold() {
    int now = holders.get();
    while (now > 0) {
      if (holders.compareAndSet(now, now + 1)) {
        return true;
      }
      now = holders.get();
    }
    return false;
  }

  /** One holder less; true for the last one, who frees what is held. */
  boolean letGo() {
    return holders.decrementAndGet() == 0;
  }
}
