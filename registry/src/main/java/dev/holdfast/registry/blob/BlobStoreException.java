// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import java.io.IOException;

/** The blob store cannot do its part: its disk is full, or fails. */
public final class BlobStoreException extends IOException {
  private static final long serialVersionUID = 1;

  /** What to say of a full disk. */
  public static final String FULL = "the registry's disk is full; free some space and push again";

  private final boolean full;

  public BlobStoreException(String message, boolean full, Throwable cause) {
    super(message, cause);
    this.full = full;
  }

  /** Whether an operator can mend it while the platform runs: space or permission to write. */
  public boolean full() {
    return full;
  }
}
