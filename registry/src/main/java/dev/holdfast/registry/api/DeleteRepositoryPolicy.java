// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.DeleteRepositoryPolicyRequest;
import dev.holdfast.aws.ecr.DeleteRepositoryPolicyResponse;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.registry.control.RepositoryPolicies;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import java.util.Map;

/** {@code DeleteRepositoryPolicy}: the policies of identities decide alone again. */
public record DeleteRepositoryPolicy(State state, RepositoryPolicies policies)
    implements Operation<DeleteRepositoryPolicyRequest, DeleteRepositoryPolicyResponse> {

  @Override
  public OperationModel<DeleteRepositoryPolicyRequest, DeleteRepositoryPolicyResponse> model() {
    return EcrModel.DELETE_REPOSITORY_POLICY;
  }

  @Override
  public Access access(Call call, DeleteRepositoryPolicyRequest in) {
    return Access.of(
        "ecr:DeleteRepositoryPolicy",
        EcrFault.target(call, in.registryId(), in.repositoryName()).arn());
  }

  @Override
  public DeleteRepositoryPolicyResponse handle(Call call, DeleteRepositoryPolicyRequest in) {
    RepositoryId id = EcrFault.target(call, in.registryId(), in.repositoryName());
    return state.commit(
        call,
        tx -> {
          Repository repository = EcrFault.require(tx, id);
          String policy = policies.shown(tx, repository, EcrFault.policy(tx, id));
          tx.put(RegistryTables.REPOSITORIES, id.account(), id, repository.under(null, Map.of()));
          return DeleteRepositoryPolicyResponse.builder()
              .registryId(id.account().digits())
              .repositoryName(id.name())
              .policyText(policy)
              .build();
        });
  }
}
