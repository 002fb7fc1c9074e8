// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.ecs.model.FoundParameter;
import dev.holdfast.ecs.port.Parameters;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.ssm.Ssm;
import dev.holdfast.store.View;
import java.util.List;

/** Parameter Store as ECS needs it. */
record SsmParameters(Ssm ssm) implements Parameters {
  @Override
  public List<FoundParameter> matching(
      View view, AccountId account, Region region, String nameOrPattern) {
    return ssm.matching(view, account, region, nameOrPattern).stream()
        .map(p -> new FoundParameter(p.name(), p.version(), p.environment()))
        .toList();
  }
}
