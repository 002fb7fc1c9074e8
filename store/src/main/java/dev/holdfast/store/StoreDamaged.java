// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import org.jspecify.annotations.Nullable;

/** The store is damaged and was not opened: the text names what is wrong, and where. */
public final class StoreDamaged extends StoreUnavailable {
  private static final long serialVersionUID = 1;

  public StoreDamaged(String message) {
    this(message, null);
  }

  public StoreDamaged(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
