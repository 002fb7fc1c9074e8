// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.profile;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.RemoveRoleFromInstanceProfileRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Profiles;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** RemoveRoleFromInstanceProfile. */
public record RemoveRoleFromInstanceProfile(IamState iam)
    implements Operation<RemoveRoleFromInstanceProfileRequest, Empty> {
  @Override
  public OperationModel<RemoveRoleFromInstanceProfileRequest, Empty> model() {
    return IamModel.REMOVE_ROLE_FROM_INSTANCE_PROFILE;
  }

  @Override
  public Access access(Call call, RemoveRoleFromInstanceProfileRequest in) {
    return Access.of(
        new Profiles(iam).on(call, "RemoveRoleFromInstanceProfile", in.instanceProfileName()));
  }

  @Override
  public Empty handle(Call call, RemoveRoleFromInstanceProfileRequest in) {
    return new Profiles(iam)
        .change(
            call,
            in.instanceProfileName(),
            _ ->
                profile -> {
                  if (!in.roleName().equals(profile.role())) {
                    throw IamError.NO_SUCH_ENTITY.because(
                        "The role with name %s cannot be found.", in.roleName());
                  }
                  return profile.with(null);
                });
  }
}
