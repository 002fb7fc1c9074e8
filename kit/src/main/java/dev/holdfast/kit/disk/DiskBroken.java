// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.disk;

import java.io.IOException;

/**
 * A sync failed, now or earlier: nobody can say what is on the disk, and nothing is written to it
 * any more until the process starts again.
 */
public final class DiskBroken extends IOException {
  private static final long serialVersionUID = 1;

  DiskBroken(String message, IOException cause) {
    super(message, cause);
  }
}
