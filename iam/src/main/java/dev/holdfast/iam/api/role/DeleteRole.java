// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeleteRoleRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.Entities;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeleteRole. */
public record DeleteRole(IamState iam) implements Operation<DeleteRoleRequest, Empty> {
  @Override
  public OperationModel<DeleteRoleRequest, Empty> model() {
    return IamModel.DELETE_ROLE;
  }

  @Override
  public Access access(Call call, DeleteRoleRequest in) {
    return Access.of(new Boundaries(iam).on(call, "DeleteRole", EntityKind.ROLE, in.roleName()));
  }

  @Override
  public Empty handle(Call call, DeleteRoleRequest in) {
    return new Entities(iam).delete(call, EntityKind.ROLE, in.roleName());
  }
}
