// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import java.io.IOException;
import java.util.Locale;

/** Tells people how far something long has come. */
interface Progress {
  /** Fails where nobody listens any more: then what is told of ends too. */
  void say(String line) throws IOException;

  /** A number of bytes for people. */
  static String bytes(long bytes) {
    return bytes < 1L << 20
        ? (bytes + 1023) / 1024 + " KiB"
        : String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1L << 20));
  }
}
