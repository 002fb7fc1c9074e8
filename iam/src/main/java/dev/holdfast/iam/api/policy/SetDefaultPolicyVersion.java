// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.policy;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.SetDefaultPolicyVersionRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.ManagedPolicies;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** SetDefaultPolicyVersion. */
public record SetDefaultPolicyVersion(IamState iam)
    implements Operation<SetDefaultPolicyVersionRequest, Empty> {
  @Override
  public OperationModel<SetDefaultPolicyVersionRequest, Empty> model() {
    return IamModel.SET_DEFAULT_POLICY_VERSION;
  }

  @Override
  public Access access(Call call, SetDefaultPolicyVersionRequest in) {
    return Access.of(IamState.onPolicy("SetDefaultPolicyVersion", in.policyArn()));
  }

  @Override
  public Empty handle(Call call, SetDefaultPolicyVersionRequest in) {
    return new ManagedPolicies(iam)
        .change(
            call,
            in.policyArn(),
            policy -> {
              ManagedPolicies.version(policy, in.policyArn(), in.versionId());
              return policy.withDefault(in.versionId());
            },
            policy -> new Empty());
  }
}
