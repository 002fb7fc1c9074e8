// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.GetResourcePolicyRequest;
import dev.holdfast.aws.secretsmanager.GetResourcePolicyResponse;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Shows the resource policy of a secret. */
public record GetResourcePolicy(Vault vault)
    implements Operation<GetResourcePolicyRequest, GetResourcePolicyResponse> {
  @Override
  public OperationModel<GetResourcePolicyRequest, GetResourcePolicyResponse> model() {
    return SecretsManagerModel.GET_RESOURCE_POLICY;
  }

  @Override
  public Access access(Call call, GetResourcePolicyRequest in) {
    return Access.of(vault.demand(call, "secretsmanager:GetResourcePolicy", in.secretId()));
  }

  @Override
  public GetResourcePolicyResponse handle(Call call, GetResourcePolicyRequest in) {
    return vault
        .state()
        .read(
            view -> {
              StoredSecret secret = Vault.staying(view, call, in.secretId());
              return GetResourcePolicyResponse.builder()
                  .arn(secret.arn().toString())
                  .name(secret.name())
                  .resourcePolicy(vault.shownPolicy(view, secret))
                  .build();
            });
  }
}
