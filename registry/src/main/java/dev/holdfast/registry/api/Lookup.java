// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.ecr.ImageFailure;
import dev.holdfast.aws.ecr.ImageIdentifier;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Image;
import dev.holdfast.registry.model.Images;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.store.View;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an image identifier of a request leads to. */
sealed interface Lookup {
  /**
   * An image.
   *
   * @param tag the tag that the request named it by, or null
   */
  record Found(Image image, @Nullable String tag) implements Lookup {}

  /** None, and why. */
  record Failed(ImageIdentifier id, String code, String reason) implements Lookup {
    ImageFailure wire() {
      return ImageFailure.builder().imageId(id).failureCode(code).failureReason(reason).build();
    }
  }

  static Lookup of(View view, RepositoryId repository, ImageIdentifier id) {
    String tag = id.imageTag();
    String text = id.imageDigest();
    if (tag == null && text == null) {
      return new Failed(
          id,
          "MissingDigestAndTag",
          "Invalid request parameters: both tag and digest cannot be null");
    }
    Optional<Digest> digest = Optional.empty();
    if (text != null) {
      digest = Digest.parse(text);
      if (digest.isEmpty()) {
        return new Failed(
            id,
            "InvalidImageDigest",
            "Invalid request parameters: image digest should satisfy the regex"
                + " 'sha256:[0-9a-f]{64}'");
      }
    }
    if (tag != null) {
      Optional<Digest> tagged = Images.tagged(view, repository, tag);
      if (tagged.isEmpty()) {
        return missing(id);
      }
      if (digest.isPresent() && !digest.equals(tagged)) {
        return new Failed(
            id,
            "ImageTagDoesNotMatchDigest",
            "Requested image tag and digest do not match: '" + tag + "' is " + tagged.get());
      }
      digest = tagged;
    }
    Image image = digest.map(d -> Images.find(view, repository, d)).orElse(null);
    return image == null ? missing(id) : new Found(image, tag);
  }

  private static Failed missing(ImageIdentifier id) {
    return new Failed(id, "ImageNotFound", "Requested image not found");
  }
}
