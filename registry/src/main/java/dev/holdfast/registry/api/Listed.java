// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Image;
import dev.holdfast.registry.model.ImageTag;
import dev.holdfast.registry.model.Images;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An image with its tags, as listings filter it. */
record Listed(Image image, List<String> tags) {

  /** Every image of a repository in the order of digests. */
  static List<Listed> all(View view, RepositoryId repository) {
    Map<Digest, List<String>> tags = new HashMap<>();
    for (ImageTag tag : Images.tags(view, repository)) {
      tags.computeIfAbsent(tag.digest(), _ -> new ArrayList<>()).add(tag.tag());
    }
    return Images.all(view, repository).stream()
        .map(image -> new Listed(image, List.copyOf(tags.getOrDefault(image.digest(), List.of()))))
        .toList();
  }

  /** Whether a listing's filter lets this through; every image that there is is active. */
  boolean passes(@Nullable String tagStatus, @Nullable String imageStatus) {
    boolean active =
        imageStatus == null || imageStatus.equals("ACTIVE") || imageStatus.equals("ANY");
    boolean tagged =
        tagStatus == null
            || tagStatus.equals("ANY")
            || tagStatus.equals(tags.isEmpty() ? "UNTAGGED" : "TAGGED");
    return active && tagged;
  }
}
