// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.plan;

import dev.holdfast.registry.model.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest says.
 *
 * @param artifactType its own, else its config's media type; null for an index that says nothing
 * @param blobs config and layers, but for layers that live elsewhere
 * @param manifests the images of an index
 */
public record ParsedManifest(
    String mediaType,
    @Nullable String artifactType,
    List<Descriptor> blobs,
    List<Descriptor> manifests,
    @Nullable Descriptor subject) {
  /** A reference by digest; {@code size} in bytes. */
  public record Descriptor(Digest digest, long size) {}

  public ParsedManifest {
    blobs = List.copyOf(blobs);
    manifests = List.copyOf(manifests);
  }
}
