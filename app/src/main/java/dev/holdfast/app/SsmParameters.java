// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.ecs.model.FoundParameter;
import dev.holdfast.ecs.model.ParameterResolution;
import dev.holdfast.ecs.port.Parameters;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.ssm.Resolution.Ambiguous;
import dev.holdfast.ssm.Resolution.Exact;
import dev.holdfast.ssm.Resolution.None;
import dev.holdfast.ssm.Ssm;
import dev.holdfast.store.View;
import org.jspecify.annotations.Nullable;

/** Parameter Store as ECS needs it. */
record SsmParameters(Ssm ssm) implements Parameters {
  @Override
  public ParameterResolution resolve(
      View view, AccountId account, Region region, String valueFrom, @Nullable String environment) {
    return switch (ssm.resolve(view, account, region, valueFrom, environment)) {
      case Exact(var name, var version, var _, var owner) ->
          new ParameterResolution.Exact(new FoundParameter(name, version, owner));
      case None(var text) -> new ParameterResolution.None(text);
      case Ambiguous(var names) -> new ParameterResolution.Several(names);
    };
  }
}
