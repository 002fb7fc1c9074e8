// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where the scrub of the blobs stands.
 *
 * @param began when the pass began
 * @param after the last blob that was read, or null at the beginning
 * @param blobs how many were read in this pass
 * @param damaged how many of these were damaged
 * @param ended when the pass ended, or null while it is under way
 */
public record ScrubState(
    Instant began, @Nullable Digest after, long blobs, long damaged, @Nullable Instant ended) {

  public static ScrubState begin(Instant now) {
    return new ScrubState(now, null, 0, 0, null);
  }

  public ScrubState read(Digest digest, boolean wasDamaged) {
    return new ScrubState(began, digest, blobs + 1, damaged + (wasDamaged ? 1 : 0), null);
  }

  public ScrubState end(Instant now) {
    return new ScrubState(began, after, blobs, damaged, now);
  }
}
