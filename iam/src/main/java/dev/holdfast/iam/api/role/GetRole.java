// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetRoleRequest;
import dev.holdfast.aws.iam.GetRoleResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.Role;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** GetRole. */
public record GetRole(IamState iam) implements Operation<GetRoleRequest, GetRoleResponse> {
  @Override
  public OperationModel<GetRoleRequest, GetRoleResponse> model() {
    return IamModel.GET_ROLE;
  }

  @Override
  public Access access(Call call, GetRoleRequest in) {
    return Access.of(new Boundaries(iam).on(call, "GetRole", EntityKind.ROLE, in.roleName()));
  }

  @Override
  public GetRoleResponse handle(Call call, GetRoleRequest in) {
    Role role =
        iam.state()
            .read(
                view ->
                    Wire.roleInFull(
                        view, call.account(), Directory.role(view, call.account(), in.roleName())));
    return GetRoleResponse.builder().role(role).build();
  }
}
