// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.login;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeleteLoginProfileRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Passwords;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeleteLoginProfile. */
public record DeleteLoginProfile(IamState iam)
    implements Operation<DeleteLoginProfileRequest, Empty> {
  @Override
  public OperationModel<DeleteLoginProfileRequest, Empty> model() {
    return IamModel.DELETE_LOGIN_PROFILE;
  }

  @Override
  public Access access(Call call, DeleteLoginProfileRequest in) {
    return Access.of(
        iam.on(
            call, "DeleteLoginProfile", EntityKind.USER, IamState.userName(call, in.userName())));
  }

  @Override
  public Empty handle(Call call, DeleteLoginProfileRequest in) {
    return new Passwords(iam).delete(call, IamState.userName(call, in.userName()));
  }
}
