// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeleteUserPolicyRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.InlinePolicies;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeleteUserPolicy. */
public record DeleteUserPolicy(IamState iam) implements Operation<DeleteUserPolicyRequest, Empty> {
  @Override
  public OperationModel<DeleteUserPolicyRequest, Empty> model() {
    return IamModel.DELETE_USER_POLICY;
  }

  @Override
  public Access access(Call call, DeleteUserPolicyRequest in) {
    return Access.of(
        new Boundaries(iam).on(call, "DeleteUserPolicy", EntityKind.USER, in.userName()));
  }

  @Override
  public Empty handle(Call call, DeleteUserPolicyRequest in) {
    return new InlinePolicies(iam).delete(call, EntityKind.USER, in.userName(), in.policyName());
  }
}
