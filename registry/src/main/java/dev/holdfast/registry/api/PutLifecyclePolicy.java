// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.PutLifecyclePolicyRequest;
import dev.holdfast.aws.ecr.PutLifecyclePolicyResponse;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.registry.plan.LifecycleParser;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** {@code PutLifecyclePolicy}: acted upon within the hour, and every hour from then on. */
public record PutLifecyclePolicy(State state)
    implements Operation<PutLifecyclePolicyRequest, PutLifecyclePolicyResponse> {

  @Override
  public OperationModel<PutLifecyclePolicyRequest, PutLifecyclePolicyResponse> model() {
    return EcrModel.PUT_LIFECYCLE_POLICY;
  }

  @Override
  public Access access(Call call, PutLifecyclePolicyRequest in) {
    return Access.of(
        "ecr:PutLifecyclePolicy",
        EcrFault.target(call, in.registryId(), in.repositoryName()).arn());
  }

  @Override
  public PutLifecyclePolicyResponse handle(Call call, PutLifecyclePolicyRequest in) {
    RepositoryId id = EcrFault.target(call, in.registryId(), in.repositoryName());
    try {
      LifecycleParser.parse(in.lifecyclePolicyText());
    } catch (LifecycleParser.Malformed e) {
      throw EcrFault.invalid(
          "LifecyclePolicyText", "Lifecycle policy validation failure: " + e.getMessage());
    }
    return state.commit(
        call,
        tx -> {
          Repository changed =
              EcrFault.require(tx, id)
                  .with(new Repository.Lifecycle(in.lifecyclePolicyText(), null));
          tx.put(RegistryTables.REPOSITORIES, id.account(), id, changed);
          return PutLifecyclePolicyResponse.builder()
              .registryId(id.account().digits())
              .repositoryName(id.name())
              .lifecyclePolicyText(in.lifecyclePolicyText())
              .build();
        });
  }
}
