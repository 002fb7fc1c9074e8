// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.port;

import dev.holdfast.ecs.model.FoundSecret;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.store.View;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Secrets Manager as ECS needs it: names, versions and environments, never values. */
@FunctionalInterface
public interface Secrets {
  /**
   * The version of a secret that is meant now.
   *
   * @param account of the task; secrets of others are not found
   * @param arn complete or without its random characters
   * @param stage a staging label, or null for the current version
   * @param version a version's id, or null
   * @return empty where there is no such secret or version, or it is marked for deletion
   */
  Optional<FoundSecret> resolve(
      View view,
      AccountId account,
      Region region,
      String arn,
      @Nullable String stage,
      @Nullable String version);
}
