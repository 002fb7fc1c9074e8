// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.PutResourcePolicyRequest;
import dev.holdfast.aws.ssm.PutResourcePolicyResponse;
import dev.holdfast.aws.ssm.SsmError;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.ssm.model.ParameterPolicy;
import dev.holdfast.ssm.model.ParameterTables;
import dev.holdfast.ssm.model.StoredParameter;
import dev.holdfast.ssm.plan.SharingRules;
import dev.holdfast.store.Tx;

/** Shares a parameter of the advanced tier, or changes how it is shared. */
public record PutResourcePolicy(Parameters parameters)
    implements Operation<PutResourcePolicyRequest, PutResourcePolicyResponse> {
  @Override
  public OperationModel<PutResourcePolicyRequest, PutResourcePolicyResponse> model() {
    return SsmModel.PUT_RESOURCE_POLICY;
  }

  @Override
  public Access access(Call call, PutResourcePolicyRequest in) {
    return Access.of(
        "ssm:PutResourcePolicy", ResourcePolicies.selector(call, in.resourceArn()).arn());
  }

  @Override
  public PutResourcePolicyResponse handle(Call call, PutResourcePolicyRequest in) {
    if ((in.policyId() == null) != (in.policyHash() == null)) {
      throw SsmError.RESOURCE_POLICY_INVALID_PARAMETER.because(
          "PolicyId and PolicyHash name the policy to change together: give both, or neither to"
              + " make one");
    }
    SharingRules.fault(in.policy())
        .ifPresent(
            fault -> {
              throw SsmError.MALFORMED_RESOURCE_POLICY_DOCUMENT.because("%s", fault);
            });
    return parameters.state().commit(call, tx -> put(tx, call, in, parameters.policies()));
  }

  /** A new policy has the id of the request that makes it. */
  private static PutResourcePolicyResponse put(
      Tx tx, Call call, PutResourcePolicyRequest in, ResourcePolicies policies) {
    StoredParameter parameter = ResourcePolicies.shareable(tx, call, in.resourceArn());
    String id = call.id().text();
    if (in.policyId() != null && in.policyHash() != null) {
      id = ResourcePolicies.known(tx, parameter, in.policyId(), in.policyHash()).id();
    } else if (ParameterTables.policies(tx, parameter).size() >= ParameterPolicy.MOST) {
      throw SsmError.RESOURCE_POLICY_LIMIT_EXCEEDED.because(
          "a parameter has at most %d resource policies", ParameterPolicy.MOST);
    }
    var policy =
        new ParameterPolicy(
            parameter.region(),
            parameter.name(),
            id,
            in.policy(),
            policies.principals(tx, call, in.policy()));
    ParameterTables.put(tx, parameter, policy);
    return PutResourcePolicyResponse.builder()
        .policyId(policy.id())
        .policyHash(policy.hash())
        .build();
  }
}
