// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.profile;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeleteInstanceProfileRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Profiles;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeleteInstanceProfile. */
public record DeleteInstanceProfile(IamState iam)
    implements Operation<DeleteInstanceProfileRequest, Empty> {
  @Override
  public OperationModel<DeleteInstanceProfileRequest, Empty> model() {
    return IamModel.DELETE_INSTANCE_PROFILE;
  }

  @Override
  public Access access(Call call, DeleteInstanceProfileRequest in) {
    return Access.of(new Profiles(iam).on(call, "DeleteInstanceProfile", in.instanceProfileName()));
  }

  @Override
  public Empty handle(Call call, DeleteInstanceProfileRequest in) {
    return new Profiles(iam).delete(call, in.instanceProfileName());
  }
}
