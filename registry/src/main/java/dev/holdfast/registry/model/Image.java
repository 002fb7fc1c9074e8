// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.model;

import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A manifest that a repository holds, and what it refers to; its bytes are a {@link Manifest}.
 *
 * @param artifactType what a referrer says it is, or the config's media type; null for an index
 *     that says nothing
 * @param size the bytes of config and layers; of an index, those of its largest image
 * @param blobs config and layers that the repository must hold
 * @param manifests the images of an index
 * @param subject the image that this one is about, which need not exist
 */
public record Image(
    Region region,
    String repository,
    Digest digest,
    String mediaType,
    @Nullable String artifactType,
    long manifestSize,
    long size,
    Instant pushedAt,
    List<Digest> blobs,
    List<Digest> manifests,
    @Nullable Digest subject) {
  public Image {
    blobs = List.copyOf(blobs);
    manifests = List.copyOf(manifests);
  }
}
