// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.PutRolePermissionsBoundaryRequest;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** PutRolePermissionsBoundary. */
public record PutRolePermissionsBoundary(IamState iam)
    implements Operation<PutRolePermissionsBoundaryRequest, Empty> {
  @Override
  public OperationModel<PutRolePermissionsBoundaryRequest, Empty> model() {
    return IamModel.PUT_ROLE_PERMISSIONS_BOUNDARY;
  }

  @Override
  public Access access(Call call, PutRolePermissionsBoundaryRequest in) {
    return Access.of(
        Boundaries.asked(
            iam.on(call, "PutRolePermissionsBoundary", EntityKind.ROLE, in.roleName()),
            in.permissionsBoundary()));
  }

  @Override
  public Empty handle(Call call, PutRolePermissionsBoundaryRequest in) {
    IamState.policyArn(in.permissionsBoundary());
    return new Boundaries(iam).set(call, EntityKind.ROLE, in.roleName(), in.permissionsBoundary());
  }
}
