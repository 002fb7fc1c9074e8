// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.policy;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeletePolicyRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.ManagedPolicies;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeletePolicy. */
public record DeletePolicy(IamState iam) implements Operation<DeletePolicyRequest, Empty> {
  @Override
  public OperationModel<DeletePolicyRequest, Empty> model() {
    return IamModel.DELETE_POLICY;
  }

  @Override
  public Access access(Call call, DeletePolicyRequest in) {
    return Access.of(IamState.onPolicy("DeletePolicy", in.policyArn()));
  }

  @Override
  public Empty handle(Call call, DeletePolicyRequest in) {
    return new ManagedPolicies(iam).delete(call, in.policyArn());
  }
}
