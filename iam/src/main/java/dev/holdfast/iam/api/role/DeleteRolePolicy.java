// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeleteRolePolicyRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.InlinePolicies;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeleteRolePolicy. */
public record DeleteRolePolicy(IamState iam) implements Operation<DeleteRolePolicyRequest, Empty> {
  @Override
  public OperationModel<DeleteRolePolicyRequest, Empty> model() {
    return IamModel.DELETE_ROLE_POLICY;
  }

  @Override
  public Access access(Call call, DeleteRolePolicyRequest in) {
    return Access.of(
        new Boundaries(iam).on(call, "DeleteRolePolicy", EntityKind.ROLE, in.roleName()));
  }

  @Override
  public Empty handle(Call call, DeleteRolePolicyRequest in) {
    return new InlinePolicies(iam).delete(call, EntityKind.ROLE, in.roleName(), in.policyName());
  }
}
