// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.DeleteResourcePolicyRequest;
import dev.holdfast.aws.secretsmanager.DeleteResourcePolicyResponse;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.secrets.model.SecretTables;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.Map;

/** Removes the resource policy of a secret. */
public record DeleteResourcePolicy(Vault vault)
    implements Operation<DeleteResourcePolicyRequest, DeleteResourcePolicyResponse> {
  @Override
  public OperationModel<DeleteResourcePolicyRequest, DeleteResourcePolicyResponse> model() {
    return SecretsManagerModel.DELETE_RESOURCE_POLICY;
  }

  @Override
  public Access access(Call call, DeleteResourcePolicyRequest in) {
    return Access.of(vault.demand(call, "secretsmanager:DeleteResourcePolicy", in.secretId()));
  }

  @Override
  public DeleteResourcePolicyResponse handle(Call call, DeleteResourcePolicyRequest in) {
    return vault
        .state()
        .commit(
            call,
            tx -> {
              StoredSecret secret = Vault.staying(tx, call, in.secretId());
              SecretTables.put(tx, secret.under(null, Map.of()));
              return new DeleteResourcePolicyResponse(secret.arn().toString(), secret.name());
            });
  }
}
