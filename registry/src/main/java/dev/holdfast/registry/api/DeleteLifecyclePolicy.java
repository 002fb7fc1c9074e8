// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.DeleteLifecyclePolicyRequest;
import dev.holdfast.aws.ecr.DeleteLifecyclePolicyResponse;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** {@code DeleteLifecyclePolicy}: nothing expires any more. */
public record DeleteLifecyclePolicy(State state)
    implements Operation<DeleteLifecyclePolicyRequest, DeleteLifecyclePolicyResponse> {

  @Override
  public OperationModel<DeleteLifecyclePolicyRequest, DeleteLifecyclePolicyResponse> model() {
    return EcrModel.DELETE_LIFECYCLE_POLICY;
  }

  @Override
  public Access access(Call call, DeleteLifecyclePolicyRequest in) {
    return Access.of(
        "ecr:DeleteLifecyclePolicy",
        EcrFault.target(call, in.registryId(), in.repositoryName()).arn());
  }

  @Override
  public DeleteLifecyclePolicyResponse handle(Call call, DeleteLifecyclePolicyRequest in) {
    RepositoryId id = EcrFault.target(call, in.registryId(), in.repositoryName());
    return state.commit(
        call,
        tx -> {
          Repository.Lifecycle lifecycle = EcrFault.lifecycle(tx, id);
          tx.put(
              RegistryTables.REPOSITORIES,
              id.account(),
              id,
              EcrFault.require(tx, id).with((Repository.Lifecycle) null));
          return DeleteLifecyclePolicyResponse.builder()
              .registryId(id.account().digits())
              .repositoryName(id.name())
              .lifecyclePolicyText(lifecycle.text())
              .lastEvaluatedAt(lifecycle.evaluated())
              .build();
        });
  }
}
