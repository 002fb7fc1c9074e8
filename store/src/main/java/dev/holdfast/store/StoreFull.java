// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import org.jspecify.annotations.Nullable;

/**
 * The store takes no commit for want of space, of inodes, or of a file system that takes writes.
 * Nothing of the refused commit is kept, reads go on, and the same commit may be tried again.
 */
public final class StoreFull extends StoreUnavailable {
  private static final long serialVersionUID = 1;

  public StoreFull(String message) {
    super(message);
  }

  public StoreFull(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
