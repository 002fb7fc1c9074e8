// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.policy;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeletePolicyVersionRequest;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.ManagedPolicies;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeletePolicyVersion. */
public record DeletePolicyVersion(IamState iam)
    implements Operation<DeletePolicyVersionRequest, Empty> {
  @Override
  public OperationModel<DeletePolicyVersionRequest, Empty> model() {
    return IamModel.DELETE_POLICY_VERSION;
  }

  @Override
  public Access access(Call call, DeletePolicyVersionRequest in) {
    return Access.of(IamState.onPolicy("DeletePolicyVersion", in.policyArn()));
  }

  @Override
  public Empty handle(Call call, DeletePolicyVersionRequest in) {
    return new ManagedPolicies(iam)
        .change(
            call,
            in.policyArn(),
            policy -> {
              ManagedPolicies.version(policy, in.policyArn(), in.versionId());
              if (policy.defaultVersion().equals(in.versionId())) {
                throw IamError.DELETE_CONFLICT.because(
                    "Cannot delete the default version of a policy.");
              }
              return policy.withoutVersion(in.versionId());
            },
            policy -> new Empty());
  }
}
