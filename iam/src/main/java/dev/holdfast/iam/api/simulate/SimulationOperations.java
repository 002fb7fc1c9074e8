// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.simulate;

import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Operation;
import java.util.List;

/** The list of this room's operations. */
public final class SimulationOperations {
  private SimulationOperations() {}

  public static List<Operation<?, ?>> of(IamState iam) {
    return List.of(
        new GetContextKeysForCustomPolicy(),
        new GetContextKeysForPrincipalPolicy(iam),
        new SimulateCustomPolicy(iam),
        new SimulatePrincipalPolicy(iam));
  }
}
