// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.port;

import dev.holdfast.ecs.model.FoundParameter;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.store.View;
import java.util.List;

/** Parameter Store as ECS needs it: names, versions and environments, never values. */
public interface Parameters {
  /**
   * The parameters of an account and region that a name means: none or one for a plain name, any
   * number for a pattern whose {@code *} stands for one path level.
   */
  List<FoundParameter> matching(View view, AccountId account, Region region, String nameOrPattern);
}
