// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import org.jspecify.annotations.Nullable;

/** What an image's text in a task definition names. */
public sealed interface ImageReference {

  /**
   * An image of the platform's own registry.
   *
   * @param tag null where the digest is given alone
   */
  record Own(
      AccountId account,
      Region region,
      String repository,
      @Nullable String tag,
      @Nullable String digest)
      implements ImageReference {}

  /** An image of another registry. */
  record Foreign(String registry) implements ImageReference {}

  /** No image reference at all. */
  record Malformed(String reason) implements ImageReference {}
}
