// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.ecs.model.FoundSecret;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.secrets.Secrets;
import dev.holdfast.store.View;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Secrets Manager as ECS needs it. */
record StoredSecrets(Secrets secrets) implements dev.holdfast.ecs.port.Secrets {
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
