// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.simulate;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetContextKeysForPolicyResponse;
import dev.holdfast.aws.iam.GetContextKeysForPrincipalPolicyRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.PolicySource;
import dev.holdfast.iam.control.Simulations;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import java.util.ArrayList;

/** GetContextKeysForPrincipalPolicy. */
public record GetContextKeysForPrincipalPolicy(IamState iam)
    implements Operation<GetContextKeysForPrincipalPolicyRequest, GetContextKeysForPolicyResponse> {
  @Override
  public OperationModel<GetContextKeysForPrincipalPolicyRequest, GetContextKeysForPolicyResponse>
      model() {
    return IamModel.GET_CONTEXT_KEYS_FOR_PRINCIPAL_POLICY;
  }

  @Override
  public Access access(Call call, GetContextKeysForPrincipalPolicyRequest in) {
    return Access.of(
        Demand.on("iam:GetContextKeysForPrincipalPolicy", PolicySource.arn(in.policySourceArn())));
  }

  @Override
  public GetContextKeysForPolicyResponse handle(
      Call call, GetContextKeysForPrincipalPolicyRequest in) {
    var policies =
        new ArrayList<>(Simulations.given("PolicyInputList", in.policyInputList(), Kind.IDENTITY));
    iam.state()
        .read(
            view ->
                policies.addAll(
                    PolicySource.find(view, call, in.policySourceArn()).policies(view)));
    return GetContextKeysForPolicyResponse.builder()
        .contextKeyNames(Simulations.keys(policies))
        .build();
  }
}
