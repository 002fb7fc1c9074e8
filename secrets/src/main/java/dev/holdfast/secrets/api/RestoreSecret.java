// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.RestoreSecretRequest;
import dev.holdfast.aws.secretsmanager.RestoreSecretResponse;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.secrets.model.SecretTables;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Takes a secret back that is marked for deletion. */
public record RestoreSecret(Vault vault)
    implements Operation<RestoreSecretRequest, RestoreSecretResponse> {
  @Override
  public OperationModel<RestoreSecretRequest, RestoreSecretResponse> model() {
    return SecretsManagerModel.RESTORE_SECRET;
  }

  @Override
  public Access access(Call call, RestoreSecretRequest in) {
    return Access.of(vault.demand(call, "secretsmanager:RestoreSecret", in.secretId()));
  }

  @Override
  public RestoreSecretResponse handle(Call call, RestoreSecretRequest in) {
    return vault
        .state()
        .commit(
            call,
            tx -> {
              StoredSecret secret = Vault.named(tx, call, in.secretId());
              if (secret.deletion() != null) {
                SecretTables.put(tx, secret.ending(null, call.now()));
              }
              return new RestoreSecretResponse(secret.arn().toString(), secret.name());
            });
  }
}
