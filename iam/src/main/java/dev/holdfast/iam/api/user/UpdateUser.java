// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UpdateUserRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Renames;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** UpdateUser. */
public record UpdateUser(IamState iam) implements Operation<UpdateUserRequest, Empty> {
  @Override
  public OperationModel<UpdateUserRequest, Empty> model() {
    return IamModel.UPDATE_USER;
  }

  @Override
  public Access access(Call call, UpdateUserRequest in) {
    return new Renames(iam)
        .access(call, "UpdateUser", EntityKind.USER, in.userName(), in.newPath(), in.newUserName());
  }

  @Override
  public Empty handle(Call call, UpdateUserRequest in) {
    return new Renames(iam).user(call, in.userName(), in.newPath(), in.newUserName());
  }
}
