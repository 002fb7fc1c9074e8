// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.profile;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.AddRoleToInstanceProfileRequest;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.LinkedRoles;
import dev.holdfast.iam.control.Profiles;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;

/** AddRoleToInstanceProfile. A profile has one role; whoever adds it passes it. */
public record AddRoleToInstanceProfile(IamState iam)
    implements Operation<AddRoleToInstanceProfileRequest, Empty> {
  @Override
  public OperationModel<AddRoleToInstanceProfileRequest, Empty> model() {
    return IamModel.ADD_ROLE_TO_INSTANCE_PROFILE;
  }

  @Override
  public Access access(Call call, AddRoleToInstanceProfileRequest in) {
    Demand profile =
        new Profiles(iam).on(call, "AddRoleToInstanceProfile", in.instanceProfileName());
    return Access.of(profile)
        .and(
            iam.on(call, "PassRole", EntityKind.ROLE, in.roleName())
                .key("iam:PassedToService", "ec2.amazonaws.com")
                .key("iam:AssociatedResourceArn", profile.resource()));
  }

  @Override
  public Empty handle(Call call, AddRoleToInstanceProfileRequest in) {
    return new Profiles(iam)
        .change(
            call,
            in.instanceProfileName(),
            tx ->
                profile -> {
                  String role =
                      LinkedRoles.changeable(Directory.role(tx, call.account(), in.roleName()))
                          .name();
                  if (profile.role() != null) {
                    throw IamError.LIMIT_EXCEEDED.because(
                        "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
                  }
                  return profile.with(role);
                });
  }
}
