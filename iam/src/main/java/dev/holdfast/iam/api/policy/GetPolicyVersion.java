// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.policy;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetPolicyVersionRequest;
import dev.holdfast.aws.iam.GetPolicyVersionResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.PolicyVersion;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.ManagedPolicies;
import dev.holdfast.iam.model.ManagedPolicy;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** GetPolicyVersion. */
public record GetPolicyVersion(IamState iam)
    implements Operation<GetPolicyVersionRequest, GetPolicyVersionResponse> {
  @Override
  public OperationModel<GetPolicyVersionRequest, GetPolicyVersionResponse> model() {
    return IamModel.GET_POLICY_VERSION;
  }

  @Override
  public Access access(Call call, GetPolicyVersionRequest in) {
    return Access.of(IamState.onPolicy("GetPolicyVersion", in.policyArn()));
  }

  @Override
  public GetPolicyVersionResponse handle(Call call, GetPolicyVersionRequest in) {
    ManagedPolicy policy =
        iam.state().read(view -> ManagedPolicies.find(view, call.account(), in.policyArn()));
    var version = ManagedPolicies.version(policy, in.policyArn(), in.versionId());
    PolicyVersion shape =
        Wire.version(policy, version).toBuilder()
            .document(Wire.encoded(version.document()))
            .build();
    return GetPolicyVersionResponse.builder().policyVersion(shape).build();
  }
}
