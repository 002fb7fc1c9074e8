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

  /** What a failure of the disk means for what was to be done. */
  static BlobStoreException of(String what, IOException cause) {
    String reason = String.valueOf(cause.getMessage());
    if (reason.contains("Read-only file system")) {
      return new BlobStoreException(
          "the registry's disk is read-only; pulls go on, push again once it takes writes",
          true,
          cause);
    }
    boolean full = reason.contains("No space left") || reason.contains("quota exceeded");
    return new BlobStoreException(
        full ? FULL : "the registry's disk failed to " + what, full, cause);
  }

  /** Whether an operator can mend it while the platform runs: space or permission to write. */
  public boolean full() {
    return full;
  }
}
