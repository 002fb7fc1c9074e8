// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeleteUserRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Entities;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeleteUser. */
public record DeleteUser(IamState iam) implements Operation<DeleteUserRequest, Empty> {
  @Override
  public OperationModel<DeleteUserRequest, Empty> model() {
    return IamModel.DELETE_USER;
  }

  @Override
  public Access access(Call call, DeleteUserRequest in) {
    return Access.of(iam.on(call, "DeleteUser", EntityKind.USER, in.userName()));
  }

  @Override
  public Empty handle(Call call, DeleteUserRequest in) {
    return new Entities(iam).delete(call, EntityKind.USER, in.userName());
  }
}
