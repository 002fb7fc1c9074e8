// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.port;

import dev.holdfast.ecs.model.ParameterResolution;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.store.View;
import org.jspecify.annotations.Nullable;

/** Parameter Store as ECS needs it: names, versions and environments, never values. */
@FunctionalInterface
public interface Parameters {
  /**
   * What a {@code valueFrom} means: a name or ARN the parameter of that name; a pattern, in which
   * one {@code *} stands for one level, the one parameter that matches and carries the environment.
   *
   * @param environment the task's, or null
   */
  ParameterResolution resolve(
      View view, AccountId account, Region region, String valueFrom, @Nullable String environment);
}
