// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.PutUserPermissionsBoundaryRequest;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** PutUserPermissionsBoundary. */
public record PutUserPermissionsBoundary(IamState iam)
    implements Operation<PutUserPermissionsBoundaryRequest, Empty> {
  @Override
  public OperationModel<PutUserPermissionsBoundaryRequest, Empty> model() {
    return IamModel.PUT_USER_PERMISSIONS_BOUNDARY;
  }

  @Override
  public Access access(Call call, PutUserPermissionsBoundaryRequest in) {
    return Access.of(
        Boundaries.asked(
            iam.on(call, "PutUserPermissionsBoundary", EntityKind.USER, in.userName()),
            in.permissionsBoundary()));
  }

  @Override
  public Empty handle(Call call, PutUserPermissionsBoundaryRequest in) {
    IamState.policyArn(in.permissionsBoundary());
    return new Boundaries(iam).set(call, EntityKind.USER, in.userName(), in.permissionsBoundary());
  }
}
