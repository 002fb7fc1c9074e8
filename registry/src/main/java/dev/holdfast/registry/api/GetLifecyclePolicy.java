// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.GetLifecyclePolicyRequest;
import dev.holdfast.aws.ecr.GetLifecyclePolicyResponse;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** {@code GetLifecyclePolicy}. */
public record GetLifecyclePolicy(State state)
    implements Operation<GetLifecyclePolicyRequest, GetLifecyclePolicyResponse> {

  @Override
  public OperationModel<GetLifecyclePolicyRequest, GetLifecyclePolicyResponse> model() {
    return EcrModel.GET_LIFECYCLE_POLICY;
  }

  @Override
  public Access access(Call call, GetLifecyclePolicyRequest in) {
    return Access.of(
        "ecr:GetLifecyclePolicy",
        EcrFault.target(call, in.registryId(), in.repositoryName()).arn());
  }

  @Override
  public GetLifecyclePolicyResponse handle(Call call, GetLifecyclePolicyRequest in) {
    RepositoryId id = EcrFault.target(call, in.registryId(), in.repositoryName());
    Repository.Lifecycle lifecycle = state.read(view -> EcrFault.lifecycle(view, id));
    return GetLifecyclePolicyResponse.builder()
        .registryId(id.account().digits())
        .repositoryName(id.name())
        .lifecyclePolicyText(lifecycle.text())
        .lastEvaluatedAt(lifecycle.evaluated())
        .build();
  }
}
