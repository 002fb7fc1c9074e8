// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import org.jspecify.annotations.Nullable;

/**
 * The store takes no commit for want of space, of inodes, or of a file system that takes writes.
 * Reads go on, and the same commit may be tried again.
 */
public final class StoreFull extends StoreUnavailable {
  private static final long serialVersionUID = 1;

  private final boolean settled;

  /** A refusal of a commit of which nothing is kept, nor will be. */
  public StoreFull(String message) {
    this(message, null);
  }

  /** A refusal of a commit of which nothing is kept, nor will be. */
  public StoreFull(String message, @Nullable Throwable cause) {
    this(message, cause, true);
  }

  private StoreFull(String message, @Nullable Throwable cause, boolean settled) {
    super(message, cause);
    this.settled = settled;
  }

  /** A refusal of a commit that may yet turn out to be kept, whole. */
  public static StoreFull unsettled(String message, Throwable cause) {
    return new StoreFull(message, cause, false);
  }

  /** Whether it is certain that nothing of the commit is kept. */
  public boolean settled() {
    return settled;
  }
}
