// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.SetRepositoryPolicyRequest;
import dev.holdfast.aws.ecr.SetRepositoryPolicyResponse;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.registry.control.RepositoryPolicies;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** {@code SetRepositoryPolicy}: decides from now on, beside the policies of identities. */
public record SetRepositoryPolicy(State state, RepositoryPolicies policies)
    implements Operation<SetRepositoryPolicyRequest, SetRepositoryPolicyResponse> {

  @Override
  public OperationModel<SetRepositoryPolicyRequest, SetRepositoryPolicyResponse> model() {
    return EcrModel.SET_REPOSITORY_POLICY;
  }

  @Override
  public Access access(Call call, SetRepositoryPolicyRequest in) {
    return Access.of(
        "ecr:SetRepositoryPolicy",
        EcrFault.target(call, in.registryId(), in.repositoryName()).arn());
  }

  @Override
  public SetRepositoryPolicyResponse handle(Call call, SetRepositoryPolicyRequest in) {
    RepositoryId id = EcrFault.target(call, in.registryId(), in.repositoryName());
    PolicyDocument policy = RepositoryPolicyRules.parse("repository", in.policyText());
    if (!Boolean.TRUE.equals(in.force())
        && RepositoryPolicyRules.locksOut(call.principal(), id, policy)) {
      throw EcrFault.invalid(
          "PolicyText",
          "the policy would not let you set another one; to set it all the same, use force");
    }
    return state.commit(
        call,
        tx -> {
          tx.put(
              RegistryTables.REPOSITORIES,
              id.account(),
              id,
              EcrFault.require(tx, id)
                  .under(
                      in.policyText(),
                      policies.principals(tx, id.account(), policy, EcrFault.noPrincipal())));
          return SetRepositoryPolicyResponse.builder()
              .registryId(id.account().digits())
              .repositoryName(id.name())
              .policyText(in.policyText())
              .build();
        });
  }
}
