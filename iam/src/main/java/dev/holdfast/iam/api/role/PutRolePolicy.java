// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.PutRolePolicyRequest;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.InlinePolicies;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** PutRolePolicy. */
public record PutRolePolicy(IamState iam) implements Operation<PutRolePolicyRequest, Empty> {
  @Override
  public OperationModel<PutRolePolicyRequest, Empty> model() {
    return IamModel.PUT_ROLE_POLICY;
  }

  @Override
  public Access access(Call call, PutRolePolicyRequest in) {
    return Access.of(new Boundaries(iam).on(call, "PutRolePolicy", EntityKind.ROLE, in.roleName()));
  }

  @Override
  public Empty handle(Call call, PutRolePolicyRequest in) {
    return new InlinePolicies(iam)
        .put(call, EntityKind.ROLE, in.roleName(), in.policyName(), in.policyDocument());
  }
}
