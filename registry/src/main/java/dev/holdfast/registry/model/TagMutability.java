// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.model;

/**
 * Whether a tag may be moved to another image.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html">Image
 *     tag mutability</a>
 */
public enum TagMutability {
  MUTABLE,
  IMMUTABLE,
  /** Immutable, but for the tags that a filter names. */
  IMMUTABLE_WITH_EXCLUSION,
  /** Mutable, but for the tags that a filter names. */
  MUTABLE_WITH_EXCLUSION;

  /** Whether this kind needs filters, and only this kind takes them. */
  public boolean excludes() {
    return this == IMMUTABLE_WITH_EXCLUSION || this == MUTABLE_WITH_EXCLUSION;
  }
}
