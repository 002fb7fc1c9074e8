// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.backup;

import java.io.IOException;

/** A backup is not what was written; the message names the file. */
public final class DamagedBackup extends IOException {
  private static final long serialVersionUID = 1;

  public DamagedBackup(String message) {
    super(message);
  }
}
