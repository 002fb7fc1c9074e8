// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.CreateRepositoryRequest;
import dev.holdfast.aws.ecr.CreateRepositoryResponse;
import dev.holdfast.aws.ecr.EcrError;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.EncryptionConfiguration;
import dev.holdfast.kit.AccountId;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.registry.model.TagMutability;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Endpoint;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code CreateRepository}.
 *
 * @param byDefault the mutability of a repository whose request says nothing
 */
public record CreateRepository(State state, Supplier<Endpoint> endpoint, TagMutability byDefault)
    implements Operation<CreateRepositoryRequest, CreateRepositoryResponse> {

  @Override
  public OperationModel<CreateRepositoryRequest, CreateRepositoryResponse> model() {
    return EcrModel.CREATE_REPOSITORY;
  }

  @Override
  public Access access(Call call, CreateRepositoryRequest in) {
    RepositoryId id = EcrFault.target(call, in.registryId(), in.repositoryName());
    Map<String, String> tags = Wire.tags(in.tags());
    Access create = Access.of(Demand.on("ecr:CreateRepository", id.arn()).made(tags));
    return tags.isEmpty() ? create : create.and(Demand.on("ecr:TagResource", id.arn()).made(tags));
  }

  @Override
  public CreateRepositoryResponse handle(Call call, CreateRepositoryRequest in) {
    RepositoryId id = EcrFault.target(call, in.registryId(), in.repositoryName());
    Map<String, String> tags = Wire.tags(in.tags());
    EcrFault.checkTags(tags);
    refuseUnserved(in);
    int slash = id.name().indexOf('/');
    if (slash > 0 && AccountId.parse(id.name().substring(0, slash)).isPresent()) {
      throw EcrFault.invalid(
          "repositoryName", "a first segment of twelve digits would name an account");
    }
    Mutability mutability =
        Mutability.parse(
            in.imageTagMutability(), in.imageTagMutabilityExclusionFilters(), byDefault);
    var repository =
        new Repository(
            id.account(),
            id.region(),
            id.name(),
            call.now(),
            mutability.kind(),
            mutability.exclusions());
    return state.commit(
        call,
        tx -> {
          if (tx.get(RegistryTables.REPOSITORIES, id.account(), id) != null) {
            throw EcrError.REPOSITORY_ALREADY_EXISTS.because(
                "The repository with name '%s' already exists in the registry with id '%s'",
                id.name(), id.account());
          }
          tx.put(RegistryTables.REPOSITORIES, id.account(), id, repository);
          Tags.add(tx, id.account(), id.arn(), tags);
          return CreateRepositoryResponse.builder()
              .repository(Wire.repository(call, endpoint.get(), id, repository))
              .build();
        });
  }

  private static void refuseUnserved(CreateRepositoryRequest in) {
    EncryptionConfiguration encryption = in.encryptionConfiguration();
    if (encryption != null
        && (!encryption.encryptionType().equals("AES256") || encryption.kmsKey() != null)) {
      throw EcrFault.invalid(
          "encryptionConfiguration",
          "encryption of repositories with KMS keys is not served yet: leave it out, or use"
              + " AES256");
    }
    EcrFault.refuseScanning(in.imageScanningConfiguration());
  }
}
