// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.linked;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeleteServiceLinkedRoleRequest;
import dev.holdfast.aws.iam.DeleteServiceLinkedRoleResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.LinkedRoles;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeleteServiceLinkedRole: what became of it is told by GetServiceLinkedRoleDeletionStatus. */
public record DeleteServiceLinkedRole(LinkedRoles roles)
    implements Operation<DeleteServiceLinkedRoleRequest, DeleteServiceLinkedRoleResponse> {
  @Override
  public OperationModel<DeleteServiceLinkedRoleRequest, DeleteServiceLinkedRoleResponse> model() {
    return IamModel.DELETE_SERVICE_LINKED_ROLE;
  }

  @Override
  public Access access(Call call, DeleteServiceLinkedRoleRequest in) {
    return Access.of(
        roles.iam().on(call, "DeleteServiceLinkedRole", EntityKind.ROLE, in.roleName()));
  }

  @Override
  public DeleteServiceLinkedRoleResponse handle(Call call, DeleteServiceLinkedRoleRequest in) {
    return DeleteServiceLinkedRoleResponse.builder()
        .deletionTaskId(roles.delete(call, in.roleName()))
        .build();
  }
}
