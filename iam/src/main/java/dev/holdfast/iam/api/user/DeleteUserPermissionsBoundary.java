// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeleteUserPermissionsBoundaryRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeleteUserPermissionsBoundary. */
public record DeleteUserPermissionsBoundary(IamState iam)
    implements Operation<DeleteUserPermissionsBoundaryRequest, Empty> {
  @Override
  public OperationModel<DeleteUserPermissionsBoundaryRequest, Empty> model() {
    return IamModel.DELETE_USER_PERMISSIONS_BOUNDARY;
  }

  @Override
  public Access access(Call call, DeleteUserPermissionsBoundaryRequest in) {
    return Access.of(
        new Boundaries(iam)
            .on(call, "DeleteUserPermissionsBoundary", EntityKind.USER, in.userName()));
  }

  @Override
  public Empty handle(Call call, DeleteUserPermissionsBoundaryRequest in) {
    return new Boundaries(iam).set(call, EntityKind.USER, in.userName(), null);
  }
}
