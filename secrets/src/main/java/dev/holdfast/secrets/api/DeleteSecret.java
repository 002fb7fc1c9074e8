// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.DeleteSecretRequest;
import dev.holdfast.aws.secretsmanager.DeleteSecretResponse;
import dev.holdfast.aws.secretsmanager.SecretsManagerError;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.secrets.model.SecretRef;
import dev.holdfast.secrets.model.SecretTables;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Tx;
import java.time.Duration;
import java.time.Instant;

/** Marks a secret for deletion, or deletes it at once. */
public record DeleteSecret(Vault vault)
    implements Operation<DeleteSecretRequest, DeleteSecretResponse> {
  @Override
  public OperationModel<DeleteSecretRequest, DeleteSecretResponse> model() {
    return SecretsManagerModel.DELETE_SECRET;
  }

  @Override
  public Access access(Call call, DeleteSecretRequest in) {
    return Access.of(
        vault
            .demand(call, "secretsmanager:DeleteSecret", in.secretId())
            .key("secretsmanager:ForceDeleteWithoutRecovery", Boolean.toString(forced(in)))
            .key(
                "secretsmanager:RecoveryWindowInDays",
                forced(in) ? null : Long.toString(days(in))));
  }

  @Override
  public DeleteSecretResponse handle(Call call, DeleteSecretRequest in) {
    if (forced(in) && in.recoveryWindowInDays() != null) {
      throw SecretsManagerError.INVALID_PARAMETER.because(
          "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
    }
    if (days(in) < 7 || days(in) > 30) {
      throw SecretsManagerError.INVALID_PARAMETER.because(
          "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
    }
    return vault.state().commit(call, tx -> forced(in) ? now(tx, call, in) : later(tx, call, in));
  }

  private static DeleteSecretResponse later(Tx tx, Call call, DeleteSecretRequest in) {
    StoredSecret secret = Vault.named(tx, call, in.secretId());
    if (secret.deletion() != null) {
      throw SecretsManagerError.INVALID_REQUEST.because(
          "You tried to perform the operation on a secret that's currently marked deleted.");
    }
    Instant due = call.now().plus(Duration.ofDays(days(in)));
    SecretTables.put(tx, secret.ending(new StoredSecret.Deletion(call.now(), due), call.now()));
    return answer(secret.arn().toString(), secret.name(), due);
  }

  /** A repeated request finds nothing any more and is answered alike. */
  private static DeleteSecretResponse now(Tx tx, Call call, DeleteSecretRequest in) {
    StoredSecret secret;
    try {
      secret = Vault.named(tx, call, in.secretId());
    } catch (ApiError e) {
      if (!e.shape().equals(SecretsManagerError.RESOURCE_NOT_FOUND)) {
        throw e;
      }
      SecretRef ref = Vault.ref(call, in.secretId());
      return answer(ref.arn().toString(), ref.partial(), call.now());
    }
    SecretTables.delete(tx, secret);
    Tags.delete(tx, secret.account(), secret.arn());
    return answer(secret.arn().toString(), secret.name(), call.now());
  }

  private static DeleteSecretResponse answer(String arn, String name, Instant due) {
    return DeleteSecretResponse.builder().arn(arn).name(name).deletionDate(due).build();
  }

  private static boolean forced(DeleteSecretRequest in) {
    return Boolean.TRUE.equals(in.forceDeleteWithoutRecovery());
  }

  private static long days(DeleteSecretRequest in) {
    Long days = in.recoveryWindowInDays();
    return days == null ? 30 : days;
  }
}
