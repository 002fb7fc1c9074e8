// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import java.io.IOException;

/** The blob store cannot do its part: its disk is full, or fails. */
public final class BlobStoreException extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean full;

  public BlobStoreException(String message, boolean full, Throwable cause) {
    super(message, cause);
    this.full = full;
  }

  /** Whether space is all that is missing. */
  public boolean full() {
    return full;
  }
}
