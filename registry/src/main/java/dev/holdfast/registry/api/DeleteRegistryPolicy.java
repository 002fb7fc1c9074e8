// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.DeleteRegistryPolicyRequest;
import dev.holdfast.aws.ecr.DeleteRegistryPolicyResponse;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.registry.control.RepositoryPolicies;
import dev.holdfast.registry.model.RegistryPolicy;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** {@code DeleteRegistryPolicy}. */
public record DeleteRegistryPolicy(State state, RepositoryPolicies policies)
    implements Operation<DeleteRegistryPolicyRequest, DeleteRegistryPolicyResponse> {

  @Override
  public OperationModel<DeleteRegistryPolicyRequest, DeleteRegistryPolicyResponse> model() {
    return EcrModel.DELETE_REGISTRY_POLICY;
  }

  @Override
  public Access access(Call call, DeleteRegistryPolicyRequest in) {
    return Access.of("ecr:DeleteRegistryPolicy");
  }

  @Override
  public DeleteRegistryPolicyResponse handle(Call call, DeleteRegistryPolicyRequest in) {
    return state.commit(
        call,
        tx -> {
          RegistryPolicy policy = EcrFault.registryPolicy(tx, call);
          String text = policies.shown(tx, call.account(), policy);
          tx.delete(RegistryTables.POLICIES, call.account(), call.region());
          return DeleteRegistryPolicyResponse.builder()
              .registryId(call.account().digits())
              .policyText(text)
              .build();
        });
  }
}
