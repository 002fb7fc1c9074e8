// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.policy;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.CreatePolicyVersionRequest;
import dev.holdfast.aws.iam.CreatePolicyVersionResponse;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.ManagedPolicies;
import dev.holdfast.iam.model.ManagedPolicy;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** CreatePolicyVersion. */
public record CreatePolicyVersion(IamState iam)
    implements Operation<CreatePolicyVersionRequest, CreatePolicyVersionResponse> {
  @Override
  public OperationModel<CreatePolicyVersionRequest, CreatePolicyVersionResponse> model() {
    return IamModel.CREATE_POLICY_VERSION;
  }

  @Override
  public Access access(Call call, CreatePolicyVersionRequest in) {
    return Access.of(IamState.onPolicy("CreatePolicyVersion", in.policyArn()));
  }

  @Override
  public CreatePolicyVersionResponse handle(Call call, CreatePolicyVersionRequest in) {
    ManagedPolicies.check(in.policyDocument());
    boolean asDefault = Boolean.TRUE.equals(in.setAsDefault());
    return new ManagedPolicies(iam)
        .change(
            call,
            in.policyArn(),
            policy -> {
              if (policy.versions().size() >= ManagedPolicy.MOST_VERSIONS) {
                throw IamError.LIMIT_EXCEEDED.because(
                    "A managed policy can have up to %d versions. Before you create a new version, you must delete an existing version.",
                    ManagedPolicy.MOST_VERSIONS);
              }
              return policy.withVersion(in.policyDocument(), call.now(), asDefault);
            },
            policy ->
                CreatePolicyVersionResponse.builder()
                    .policyVersion(Wire.version(policy, policy.versions().getLast()))
                    .build());
  }
}
