// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.nio.file.Path;
import java.util.List;

/**
 * Revisioned keys and values with atomic conditional commits, in etcd's vocabulary.
 *
 * <p>Commits are linearizable and durable once {@link #commit} returns (as far as the engine
 * promises durability at all). Safe for use by any number of threads.
 */
public interface Store extends AutoCloseable {
  /**
   * A consistent view of the newest acknowledged state.
   *
   * @throws StoreUnavailable where the store is closed
   */
  Snapshot read();

  /**
   * Checks all expectations and makes all writes under one new revision, or does nothing. A commit
   * without writes only checks, and returns the newest revision.
   *
   * @throws ConflictException where an expectation does not hold
   * @throws StoreFull where the disk is full: nothing was made, and it may be tried again
   * @throws StoreUnavailable where the store cannot acknowledge otherwise; after a failed write or
   *     a passed deadline the outcome is unknown
   */
  Revision commit(Commit commit);

  /**
   * Watches ranges for the commits after a revision.
   *
   * @throws CompactedException where commits after {@code after} are already forgotten
   */
  Watch watch(List<KeyRange> ranges, Revision after);

  default Watch watch(KeyRange range, Revision after) {
    return watch(List.of(range), after);
  }

  /**
   * Makes a consistent copy of what is kept, in a new directory, while the store serves.
   *
   * @throws StoreUnavailable where the store is not kept in a directory
   */
  default void checkpoint(Path target) {
    throw new StoreUnavailable("this store is in memory and has no copy on disk");
  }

  /**
   * Reads all that is on disk and compares it with its checksums.
   *
   * @throws StoreUnavailable where it does not agree
   */
  default void verifyChecksums() {}

  /**
   * What a read, or a look at all checksums, found damaged since the store was opened; a line each,
   * with the file and the reason. A look that finds nothing forgets it.
   */
  default List<String> damage() {
    return List.of();
  }

  @Override
  void close();
}
