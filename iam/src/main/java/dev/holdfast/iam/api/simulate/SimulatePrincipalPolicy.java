// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.simulate;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.SimulatePolicyResponse;
import dev.holdfast.aws.iam.SimulatePrincipalPolicyRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.PolicySource;
import dev.holdfast.iam.control.Simulations;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.plan.Simulation;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;

/** SimulatePrincipalPolicy. */
public record SimulatePrincipalPolicy(IamState iam)
    implements Operation<SimulatePrincipalPolicyRequest, SimulatePolicyResponse> {
  @Override
  public OperationModel<SimulatePrincipalPolicyRequest, SimulatePolicyResponse> model() {
    return IamModel.SIMULATE_PRINCIPAL_POLICY;
  }

  @Override
  public Access access(Call call, SimulatePrincipalPolicyRequest in) {
    return Access.of(
        Demand.on("iam:SimulatePrincipalPolicy", PolicySource.arn(in.policySourceArn())));
  }

  @Override
  public SimulatePolicyResponse handle(Call call, SimulatePrincipalPolicyRequest in) {
    IamState.refuse(in.resourceHandlingOption(), "ResourceHandlingOption");
    Simulation simulation = iam.state().read(view -> simulation(view, call, in));
    var question =
        new Simulations.Question(
            in.actionNames(), in.resourceArns(), in.resourceOwner(), in.marker(), in.maxItems());
    return new Simulations(iam).answer(call, simulation, question);
  }

  private static Simulation simulation(View view, Call call, SimulatePrincipalPolicyRequest in) {
    PolicySource source = PolicySource.find(view, call, in.policySourceArn());
    boolean user = source.entity().kind() == EntityKind.USER;
    if (in.resourcePolicy() != null && in.callerArn() == null && !user) {
      throw Simulations.invalid("CallerArn is required where a ResourcePolicy is given.");
    }
    var identity = new ArrayList<>(source.policies(view));
    identity.addAll(Simulations.given("PolicyInputList", in.policyInputList(), Kind.IDENTITY));
    List<NamedPolicy> boundary =
        in.permissionsBoundaryPolicyInputList().isEmpty()
            ? source.boundary(view)
            : Simulations.given(
                "PermissionsBoundaryPolicyInputList",
                in.permissionsBoundaryPolicyInputList(),
                Kind.IDENTITY);
    return new Simulation(
        Simulations.policies(identity, boundary, in.resourcePolicy()),
        in.callerArn() == null ? source.caller() : Simulations.caller(call, in.callerArn()),
        Simulations.context(call, in.contextEntries(), source.known(view)));
  }
}
