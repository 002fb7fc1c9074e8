// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.policy;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetPolicyRequest;
import dev.holdfast.aws.iam.GetPolicyResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.Policy;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.ManagedPolicies;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** GetPolicy. */
public record GetPolicy(IamState iam) implements Operation<GetPolicyRequest, GetPolicyResponse> {
  @Override
  public OperationModel<GetPolicyRequest, GetPolicyResponse> model() {
    return IamModel.GET_POLICY;
  }

  @Override
  public Access access(Call call, GetPolicyRequest in) {
    return Access.of(IamState.onPolicy("GetPolicy", in.policyArn()));
  }

  @Override
  public GetPolicyResponse handle(Call call, GetPolicyRequest in) {
    Policy policy =
        iam.state()
            .read(
                view ->
                    Wire.policyInFull(
                        view,
                        call.account(),
                        in.policyArn(),
                        ManagedPolicies.find(view, call.account(), in.policyArn())));
    return GetPolicyResponse.builder().policy(policy).build();
  }
}
