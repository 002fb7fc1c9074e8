// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UpdateRoleDescriptionRequest;
import dev.holdfast.aws.iam.UpdateRoleDescriptionResponse;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Role;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** UpdateRoleDescription: what came before UpdateRole, and is still called. */
public record UpdateRoleDescription(IamState iam)
    implements Operation<UpdateRoleDescriptionRequest, UpdateRoleDescriptionResponse> {
  @Override
  public OperationModel<UpdateRoleDescriptionRequest, UpdateRoleDescriptionResponse> model() {
    return IamModel.UPDATE_ROLE_DESCRIPTION;
  }

  @Override
  public Access access(Call call, UpdateRoleDescriptionRequest in) {
    return Access.of(
        new Boundaries(iam).on(call, "UpdateRoleDescription", EntityKind.ROLE, in.roleName()));
  }

  @Override
  public UpdateRoleDescriptionResponse handle(Call call, UpdateRoleDescriptionRequest in) {
    return iam.state()
        .commit(
            call,
            tx -> {
              Role role = Directory.role(tx, call.account(), in.roleName());
              Role changed =
                  role.with(new Role.Settings(in.description(), role.settings().maxSession()));
              IamState.put(tx, call, changed);
              return UpdateRoleDescriptionResponse.builder()
                  .role(Wire.role(tx, call.account(), changed))
                  .build();
            });
  }
}
