// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.GetRegistryPolicyRequest;
import dev.holdfast.aws.ecr.GetRegistryPolicyResponse;
import dev.holdfast.registry.control.RepositoryPolicies;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** {@code GetRegistryPolicy}. */
public record GetRegistryPolicy(State state, RepositoryPolicies policies)
    implements Operation<GetRegistryPolicyRequest, GetRegistryPolicyResponse> {

  @Override
  public OperationModel<GetRegistryPolicyRequest, GetRegistryPolicyResponse> model() {
    return EcrModel.GET_REGISTRY_POLICY;
  }

  @Override
  public Access access(Call call, GetRegistryPolicyRequest in) {
    return Access.of("ecr:GetRegistryPolicy");
  }

  @Override
  public GetRegistryPolicyResponse handle(Call call, GetRegistryPolicyRequest in) {
    return GetRegistryPolicyResponse.builder()
        .registryId(call.account().digits())
        .policyText(
            state.read(
                view -> policies.shown(view, call.account(), EcrFault.registryPolicy(view, call))))
        .build();
  }
}
