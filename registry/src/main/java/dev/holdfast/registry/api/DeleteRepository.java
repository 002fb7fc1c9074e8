// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.DeleteRepositoryRequest;
import dev.holdfast.aws.ecr.DeleteRepositoryResponse;
import dev.holdfast.aws.ecr.EcrError;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.registry.model.Images;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Endpoint;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import java.util.function.Supplier;

/** {@code DeleteRepository}: an empty one, or with {@code force} one and all that it holds. */
public record DeleteRepository(State state, Supplier<Endpoint> endpoint)
    implements Operation<DeleteRepositoryRequest, DeleteRepositoryResponse> {

  @Override
  public OperationModel<DeleteRepositoryRequest, DeleteRepositoryResponse> model() {
    return EcrModel.DELETE_REPOSITORY;
  }

  @Override
  public Access access(Call call, DeleteRepositoryRequest in) {
    return Access.of(
        "ecr:DeleteRepository", EcrFault.target(call, in.registryId(), in.repositoryName()).arn());
  }

  @Override
  public DeleteRepositoryResponse handle(Call call, DeleteRepositoryRequest in) {
    RepositoryId id = EcrFault.target(call, in.registryId(), in.repositoryName());
    boolean force = Boolean.TRUE.equals(in.force());
    return state.commit(
        call,
        tx -> {
          Repository repository = EcrFault.require(tx, id);
          if (!force && !Images.isEmpty(tx, id)) {
            throw EcrError.REPOSITORY_NOT_EMPTY.because(
                "The repository with name '%s' in registry with id '%s' cannot be deleted because"
                    + " it still contains images",
                id.name(), id.account());
          }
          Images.deleteAll(tx, id);
          tx.delete(RegistryTables.REPOSITORIES, id.account(), id);
          Tags.delete(tx, id.account(), id.arn());
          return DeleteRepositoryResponse.builder()
              .repository(Wire.repository(call, endpoint.get(), id, repository))
              .build();
        });
  }
}
