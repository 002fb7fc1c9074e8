// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Image;
import dev.holdfast.registry.model.Images;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An image with its tags, as listings filter it. */
record Listed(Image image, List<String> tags) {

  /**
   * Some images of a repository in the order of digests, after one of them. Two readings, however
   * many they are: the images lie in that order, and so do their tags in the index.
   */
  static List<Listed> after(
      View view, RepositoryId repository, @Nullable String digest, int limit) {
    List<Image> images =
        Images.after(view, repository, digest == null ? null : new Digest(digest), limit);
    if (images.isEmpty()) {
      return List.of();
    }
    Map<Digest, List<String>> tags =
        Images.tags(view, repository, images.getFirst().digest(), images.getLast().digest());
    return images.stream()
        .map(image -> new Listed(image, tags.getOrDefault(image.digest(), List.of())))
        .toList();
  }

  static Listed of(View view, RepositoryId repository, Image image) {
    return new Listed(image, Images.tags(view, repository, image.digest()));
  }

  /** Whether a listing's filter lets this through. */
  boolean passes(@Nullable String tagStatus, @Nullable String imageStatus) {
    return passes(!tags.isEmpty(), tagStatus, imageStatus);
  }

  /** Whether a listing's filter lets an image through; every one that there is is active. */
  static boolean passes(boolean tagged, @Nullable String tagStatus, @Nullable String imageStatus) {
    boolean active =
        imageStatus == null || imageStatus.equals("ACTIVE") || imageStatus.equals("ANY");
    return active
        && (tagStatus == null
            || tagStatus.equals("ANY")
            || tagStatus.equals(tagged ? "TAGGED" : "UNTAGGED"));
  }
}
