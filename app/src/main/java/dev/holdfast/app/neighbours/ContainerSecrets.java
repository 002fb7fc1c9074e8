// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.neighbours;

import dev.holdfast.ecs.model.FoundParameter;
import dev.holdfast.ecs.model.FoundSecret;
import dev.holdfast.ecs.model.ParameterResolution;
import dev.holdfast.ecs.port.Parameters;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.secrets.Secrets;
import dev.holdfast.ssm.Resolution.Ambiguous;
import dev.holdfast.ssm.Resolution.Exact;
import dev.holdfast.ssm.Resolution.None;
import dev.holdfast.ssm.Ssm;
import dev.holdfast.store.View;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parameter Store and Secrets Manager as ECS needs them. */
public record ContainerSecrets(Ssm ssm, Secrets secrets)
    implements Parameters, dev.holdfast.ecs.port.Secrets {
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

  @Override
  public Optional<FoundSecret> resolve(
      View view,
      AccountId account,
      Region region,
      String arn,
      @Nullable String stage,
      @Nullable String version) {
    return secrets
        .resolve(view, account, region, arn, stage, version)
        .map(one -> new FoundSecret(one.arn(), one.name(), one.version(), one.environment()));
  }
}
