// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.linked;

import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.LinkedRoles;
import dev.holdfast.iam.port.RoleUses;
import dev.holdfast.service.Operation;
import java.util.List;

/** The list of this room's operations. */
public final class LinkedOperations {
  private LinkedOperations() {}

  public static List<Operation<?, ?>> of(IamState iam, RoleUses uses) {
    var roles = new LinkedRoles(iam, uses);
    return List.of(
        new CreateServiceLinkedRole(iam),
        new DeleteServiceLinkedRole(roles),
        new GetServiceLinkedRoleDeletionStatus(roles));
  }
}
