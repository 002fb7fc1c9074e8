// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.PutRegistryPolicyRequest;
import dev.holdfast.aws.ecr.PutRegistryPolicyResponse;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.registry.control.RepositoryPolicies;
import dev.holdfast.registry.model.RegistryPolicy;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/**
 * {@code PutRegistryPolicy}: decides from now on about every repository of the account and region,
 * beside the repositories' own policies.
 */
public record PutRegistryPolicy(State state, RepositoryPolicies policies)
    implements Operation<PutRegistryPolicyRequest, PutRegistryPolicyResponse> {

  @Override
  public OperationModel<PutRegistryPolicyRequest, PutRegistryPolicyResponse> model() {
    return EcrModel.PUT_REGISTRY_POLICY;
  }

  @Override
  public Access access(Call call, PutRegistryPolicyRequest in) {
    return Access.of("ecr:PutRegistryPolicy");
  }

  @Override
  public PutRegistryPolicyResponse handle(Call call, PutRegistryPolicyRequest in) {
    PolicyDocument policy = RepositoryPolicyRules.parse("registry", in.policyText());
    return state.commit(
        call,
        tx -> {
          tx.put(
              RegistryTables.POLICIES,
              call.account(),
              call.region(),
              new RegistryPolicy(
                  call.region(),
                  in.policyText(),
                  policies.principals(tx, call.account(), policy, EcrFault.noPrincipal())));
          return PutRegistryPolicyResponse.builder()
              .registryId(call.account().digits())
              .policyText(in.policyText())
              .build();
        });
  }
}
