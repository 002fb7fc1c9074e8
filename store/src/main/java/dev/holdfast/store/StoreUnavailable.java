// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import org.jspecify.annotations.Nullable;

/** The store cannot serve: closed, broken by a failed write, overloaded, or past a deadline. */
public sealed class StoreUnavailable extends RuntimeException permits StoreDamaged, StoreFull {
  private static final long serialVersionUID = 1;

  public StoreUnavailable(String message) {
    this(message, null);
  }

  public StoreUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
