// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeleteRolePermissionsBoundaryRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeleteRolePermissionsBoundary. */
public record DeleteRolePermissionsBoundary(IamState iam)
    implements Operation<DeleteRolePermissionsBoundaryRequest, Empty> {
  @Override
  public OperationModel<DeleteRolePermissionsBoundaryRequest, Empty> model() {
    return IamModel.DELETE_ROLE_PERMISSIONS_BOUNDARY;
  }

  @Override
  public Access access(Call call, DeleteRolePermissionsBoundaryRequest in) {
    return Access.of(
        new Boundaries(iam)
            .on(call, "DeleteRolePermissionsBoundary", EntityKind.ROLE, in.roleName()));
  }

  @Override
  public Empty handle(Call call, DeleteRolePermissionsBoundaryRequest in) {
    return new Boundaries(iam).set(call, EntityKind.ROLE, in.roleName(), null);
  }
}
