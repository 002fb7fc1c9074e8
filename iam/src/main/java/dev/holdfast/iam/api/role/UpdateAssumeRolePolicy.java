// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UpdateAssumeRolePolicyRequest;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.LinkedRoles;
import dev.holdfast.iam.control.Trusts;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Role;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** UpdateAssumeRolePolicy. */
public record UpdateAssumeRolePolicy(IamState iam)
    implements Operation<UpdateAssumeRolePolicyRequest, Empty> {
  @Override
  public OperationModel<UpdateAssumeRolePolicyRequest, Empty> model() {
    return IamModel.UPDATE_ASSUME_ROLE_POLICY;
  }

  @Override
  public Access access(Call call, UpdateAssumeRolePolicyRequest in) {
    return Access.of(
        new Boundaries(iam).on(call, "UpdateAssumeRolePolicy", EntityKind.ROLE, in.roleName()));
  }

  @Override
  public Empty handle(Call call, UpdateAssumeRolePolicyRequest in) {
    return iam.state()
        .commit(
            call,
            tx -> {
              var role =
                  LinkedRoles.changeable(
                      (Role) IamState.judged(tx, call, EntityKind.ROLE, in.roleName()));
              IamState.put(tx, call, role.with(Trusts.of(tx, call.account(), in.policyDocument())));
              return new Empty();
            });
  }
}
