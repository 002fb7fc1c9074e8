// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.time.Duration;
import java.util.List;

/** The changes of some tables, commit by commit. Used by one thread. */
public final class Changes implements AutoCloseable {
  private final Watch watch;

  Changes(Watch watch) {
    this.watch = watch;
  }

  /**
   * Waits for changes: those of one or more whole commits in revision order, or none where {@code
   * wait} passes first or the thread is interrupted.
   *
   * @throws CompactedException where changes were missed: list the tables and watch from there
   * @throws StoreUnavailable where the store was closed
   */
  public List<Change> next(Duration wait) {
    return watch.next(wait).stream().map(Changes::change).toList();
  }

  private static Change change(Event event) {
    Table.Place place = Table.Place.of(event.key());
    return new Change(
        place.table(), place.account(), place.segments(), event.revision(), event.kind());
  }

  @Override
  public void close() {
    watch.close();
  }
}
