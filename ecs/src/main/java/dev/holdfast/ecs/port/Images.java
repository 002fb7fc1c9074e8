// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.port;

import dev.holdfast.ecs.model.ImageReference;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.store.View;
import java.util.Optional;

/** The own registry as ECS needs it; bound to the registry service. */
public interface Images {
  /** What an image's text names, for a caller of that account and region. */
  ImageReference parse(String image, AccountId caller, Region region);

  /**
   * The digest that a reference means in this state; empty where the repository, tag or digest does
   * not exist.
   */
  Optional<String> resolve(View view, ImageReference.Own image);

  /** The reference that a host pulls: the registry's own name, account, repository and digest. */
  String pull(ImageReference.Own image, String digest);
}
