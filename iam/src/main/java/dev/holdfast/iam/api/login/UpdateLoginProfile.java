// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.login;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UpdateLoginProfileRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Passwords;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** UpdateLoginProfile. */
public record UpdateLoginProfile(IamState iam)
    implements Operation<UpdateLoginProfileRequest, Empty> {
  @Override
  public OperationModel<UpdateLoginProfileRequest, Empty> model() {
    return IamModel.UPDATE_LOGIN_PROFILE;
  }

  @Override
  public Access access(Call call, UpdateLoginProfileRequest in) {
    return Access.of(iam.on(call, "UpdateLoginProfile", EntityKind.USER, in.userName()));
  }

  @Override
  public Empty handle(Call call, UpdateLoginProfileRequest in) {
    return new Passwords(iam)
        .update(call, in.userName(), in.password(), in.passwordResetRequired());
  }
}
