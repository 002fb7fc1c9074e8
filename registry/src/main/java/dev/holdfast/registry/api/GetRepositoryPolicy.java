// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.GetRepositoryPolicyRequest;
import dev.holdfast.aws.ecr.GetRepositoryPolicyResponse;
import dev.holdfast.registry.control.RepositoryPolicies;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** {@code GetRepositoryPolicy}. */
public record GetRepositoryPolicy(State state, RepositoryPolicies policies)
    implements Operation<GetRepositoryPolicyRequest, GetRepositoryPolicyResponse> {

  @Override
  public OperationModel<GetRepositoryPolicyRequest, GetRepositoryPolicyResponse> model() {
    return EcrModel.GET_REPOSITORY_POLICY;
  }

  @Override
  public Access access(Call call, GetRepositoryPolicyRequest in) {
    return Access.of(
        "ecr:GetRepositoryPolicy",
        EcrFault.target(call, in.registryId(), in.repositoryName()).arn());
  }

  @Override
  public GetRepositoryPolicyResponse handle(Call call, GetRepositoryPolicyRequest in) {
    RepositoryId id = EcrFault.target(call, in.registryId(), in.repositoryName());
    return GetRepositoryPolicyResponse.builder()
        .registryId(id.account().digits())
        .repositoryName(id.name())
        .policyText(
            state.read(
                view ->
                    policies.shown(view, EcrFault.require(view, id), EcrFault.policy(view, id))))
        .build();
  }
}
