// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.simulate;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetContextKeysForCustomPolicyRequest;
import dev.holdfast.aws.iam.GetContextKeysForPolicyResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Simulations;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** GetContextKeysForCustomPolicy. */
public record GetContextKeysForCustomPolicy()
    implements Operation<GetContextKeysForCustomPolicyRequest, GetContextKeysForPolicyResponse> {
  @Override
  public OperationModel<GetContextKeysForCustomPolicyRequest, GetContextKeysForPolicyResponse>
      model() {
    return IamModel.GET_CONTEXT_KEYS_FOR_CUSTOM_POLICY;
  }

  @Override
  public Access access(Call call, GetContextKeysForCustomPolicyRequest in) {
    return Access.of("iam:GetContextKeysForCustomPolicy");
  }

  @Override
  public GetContextKeysForPolicyResponse handle(
      Call call, GetContextKeysForCustomPolicyRequest in) {
    return GetContextKeysForPolicyResponse.builder()
        .contextKeyNames(
            Simulations.keys(
                Simulations.given("PolicyInputList", in.policyInputList(), Kind.IDENTITY)))
        .build();
  }
}
