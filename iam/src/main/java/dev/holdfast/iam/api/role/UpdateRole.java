// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UpdateRoleRequest;
import dev.holdfast.aws.iam.UpdateRoleResponse;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.LinkedRoles;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.Objects;

/** UpdateRole. */
public record UpdateRole(IamState iam) implements Operation<UpdateRoleRequest, UpdateRoleResponse> {
  @Override
  public OperationModel<UpdateRoleRequest, UpdateRoleResponse> model() {
    return IamModel.UPDATE_ROLE;
  }

  @Override
  public Access access(Call call, UpdateRoleRequest in) {
    return Access.of(new Boundaries(iam).on(call, "UpdateRole", EntityKind.ROLE, in.roleName()));
  }

  @Override
  public UpdateRoleResponse handle(Call call, UpdateRoleRequest in) {
    return iam.state()
        .commit(
            call,
            tx -> {
              var role = LinkedRoles.changeable(Directory.role(tx, call.account(), in.roleName()));
              var settings =
                  new dev.holdfast.iam.model.Role.Settings(
                      in.description() == null ? role.settings().description() : in.description(),
                      Objects.requireNonNullElse(in.maxSessionDuration(), 3600));
              IamState.put(tx, call, role.with(settings));
              return UpdateRoleResponse.builder().build();
            });
  }
}
