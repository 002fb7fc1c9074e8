// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.PutImageTagMutabilityRequest;
import dev.holdfast.aws.ecr.PutImageTagMutabilityResponse;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.registry.model.TagMutability;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** {@code PutImageTagMutability}: holds for pushes from now on. */
public record PutImageTagMutability(State state)
    implements Operation<PutImageTagMutabilityRequest, PutImageTagMutabilityResponse> {

  @Override
  public OperationModel<PutImageTagMutabilityRequest, PutImageTagMutabilityResponse> model() {
    return EcrModel.PUT_IMAGE_TAG_MUTABILITY;
  }

  @Override
  public Access access(Call call, PutImageTagMutabilityRequest in) {
    return Access.of(
        "ecr:PutImageTagMutability",
        EcrFault.target(call, in.registryId(), in.repositoryName()).arn());
  }

  @Override
  public PutImageTagMutabilityResponse handle(Call call, PutImageTagMutabilityRequest in) {
    RepositoryId id = EcrFault.target(call, in.registryId(), in.repositoryName());
    Mutability mutability =
        Mutability.parse(
            in.imageTagMutability(),
            in.imageTagMutabilityExclusionFilters(),
            TagMutability.MUTABLE);
    return state.commit(
        call,
        tx -> {
          Repository changed =
              EcrFault.require(tx, id).withMutability(mutability.kind(), mutability.exclusions());
          tx.put(RegistryTables.REPOSITORIES, id.account(), id, changed);
          return PutImageTagMutabilityResponse.builder()
              .registryId(id.account().digits())
              .repositoryName(id.name())
              .imageTagMutability(changed.mutability().name())
              .imageTagMutabilityExclusionFilters(Wire.filters(changed))
              .build();
        });
  }
}
