// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@code fsck} is told.
 *
 * @param dataDir absolute path, on which no server runs
 * @param rootKey where the root key lies; null for the place that the directory names
 */
public record CheckOptions(Path dataDir, @Nullable Path rootKey, Mode mode) {

  /** What may be changed. */
  public enum Mode {
    /** Nothing. */
    LOOK,
    /** What is right without doubt. */
    REPAIR,
    /** What is lost is given up, so that the rest can be used. */
    ACCEPT_LOSS
  }
}
