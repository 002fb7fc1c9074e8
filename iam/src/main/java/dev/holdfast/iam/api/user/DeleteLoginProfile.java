// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeleteLoginProfileRequest;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeleteLoginProfile: nobody has one here, as there is no console to log in to. */
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
    String name = IamState.userName(call, in.userName());
    iam.state().read(view -> Directory.user(view, call.account(), name));
    throw IamError.NO_SUCH_ENTITY.because("Login Profile for User %s cannot be found.", name);
  }
}
