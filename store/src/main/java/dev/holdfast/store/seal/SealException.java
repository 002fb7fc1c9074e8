// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.seal;

import org.jspecify.annotations.Nullable;

/** Something sealed does not open: the wrong root key, keyring, context, or damaged bytes. */
public final class SealException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public SealException(String message) {
    this(message, null);
  }

  public SealException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
