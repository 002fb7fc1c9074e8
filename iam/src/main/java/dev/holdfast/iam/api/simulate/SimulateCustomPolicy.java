// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.simulate;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.SimulateCustomPolicyRequest;
import dev.holdfast.aws.iam.SimulatePolicyResponse;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Simulations;
import dev.holdfast.iam.plan.Simulation;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.Map;

/** SimulateCustomPolicy. */
public record SimulateCustomPolicy(IamState iam)
    implements Operation<SimulateCustomPolicyRequest, SimulatePolicyResponse> {
  @Override
  public OperationModel<SimulateCustomPolicyRequest, SimulatePolicyResponse> model() {
    return IamModel.SIMULATE_CUSTOM_POLICY;
  }

  @Override
  public Access access(Call call, SimulateCustomPolicyRequest in) {
    return Access.of("iam:SimulateCustomPolicy");
  }

  @Override
  public SimulatePolicyResponse handle(Call call, SimulateCustomPolicyRequest in) {
    IamState.refuse(in.resourceHandlingOption(), "ResourceHandlingOption");
    if (in.resourcePolicy() != null && in.callerArn() == null) {
      throw Simulations.invalid("CallerArn is required where a ResourcePolicy is given.");
    }
    var policies =
        Simulations.policies(
            Simulations.given("PolicyInputList", in.policyInputList(), Kind.IDENTITY),
            Simulations.given(
                "PermissionsBoundaryPolicyInputList",
                in.permissionsBoundaryPolicyInputList(),
                Kind.IDENTITY),
            in.resourcePolicy());
    var simulation =
        new Simulation(
            policies,
            Simulations.caller(call, in.callerArn()),
            Simulations.context(call, in.contextEntries(), Map.of()));
    var question =
        new Simulations.Question(
            in.actionNames(), in.resourceArns(), in.resourceOwner(), in.marker(), in.maxItems());
    return new Simulations(iam).answer(call, simulation, question);
  }
}
