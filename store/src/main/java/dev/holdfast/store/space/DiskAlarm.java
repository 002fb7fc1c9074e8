// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.space;

import dev.holdfast.store.StoreUnavailable;

/** Who is told when the disk fails the store. */
public interface DiskAlarm {
  /** Nobody: what a store has that stands alone. */
  DiskAlarm NONE =
      new DiskAlarm() {
        @Override
        public boolean full() {
          return false;
        }

        @Override
        public void broken(StoreUnavailable reason) {}
      };

  /**
   * A write met a full disk.
   *
   * @return whether space was made just now, so that waiting for it is worth while
   */
  boolean full();

  /** A write failed otherwise: nothing is acknowledged any more. Called once. */
  void broken(StoreUnavailable reason);
}
