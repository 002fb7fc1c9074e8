// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.neighbours;

import dev.holdfast.ecs.model.ImageReference;
import dev.holdfast.ecs.port.Images;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.registry.Registry;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.plan.ImageReference.Foreign;
import dev.holdfast.registry.plan.ImageReference.Malformed;
import dev.holdfast.registry.plan.ImageReference.Own;
import dev.holdfast.store.View;
import java.util.Optional;

/** The own registry as ECS needs it. */
public record RegistryImages(Registry registry) implements Images {
  @Override
  public ImageReference parse(String image, AccountId caller, Region region) {
    return switch (registry.parse(image, caller, region)) {
      case Own(var account, var where, var repository, var tag, var digest) ->
          new ImageReference.Own(
              account, where, repository, tag, digest == null ? null : digest.toString());
      case Foreign(var text) -> new ImageReference.Foreign(text);
      case Malformed(var _, var reason) -> new ImageReference.Malformed(reason);
    };
  }

  @Override
  public Optional<String> resolve(View view, ImageReference.Own image) {
    return own(image).flatMap(own -> registry.resolve(view, own)).map(Digest::toString);
  }

  @Override
  public String pull(ImageReference.Own image, String digest) {
    return registry.pullName(
        new Own(image.account(), image.region(), image.repository(), null, null),
        Digest.parse(digest).orElseThrow());
  }

  /** Empty where the digest is none that can exist. */
  private static Optional<Own> own(ImageReference.Own image) {
    String digest = image.digest();
    if (digest == null) {
      return Optional.of(
          new Own(image.account(), image.region(), image.repository(), image.tag(), null));
    }
    return Digest.parse(digest)
        .map(d -> new Own(image.account(), image.region(), image.repository(), image.tag(), d));
  }
}
