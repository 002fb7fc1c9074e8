// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.time.Duration;
import java.util.List;

/** A stream of the commits that touch some ranges, in revision order. Used by one thread. */
public interface Watch extends AutoCloseable {
  /**
   * Waits for events: those of one or more whole commits in revision order, or none where {@code
   * wait} passes first or the thread is interrupted.
   *
   * @throws CompactedException where the watcher was too slow and has missed commits: list again
   * @throws StoreUnavailable where the store was closed
   */
  List<Event> next(Duration wait);

  @Override
  void close();
}
