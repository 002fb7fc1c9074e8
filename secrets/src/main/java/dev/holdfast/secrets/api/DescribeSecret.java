// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.DescribeSecretRequest;
import dev.holdfast.aws.secretsmanager.DescribeSecretResponse;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Says all of a secret but its values. */
public record DescribeSecret(Vault vault)
    implements Operation<DescribeSecretRequest, DescribeSecretResponse> {
  @Override
  public OperationModel<DescribeSecretRequest, DescribeSecretResponse> model() {
    return SecretsManagerModel.DESCRIBE_SECRET;
  }

  @Override
  public Access access(Call call, DescribeSecretRequest in) {
    return Access.of(vault.demand(call, "secretsmanager:DescribeSecret", in.secretId()));
  }

  @Override
  public DescribeSecretResponse handle(Call call, DescribeSecretRequest in) {
    return vault
        .state()
        .read(
            view -> {
              StoredSecret secret = Vault.named(view, call, in.secretId());
              StoredSecret.Deletion deletion = secret.deletion();
              return DescribeSecretResponse.builder()
                  .arn(secret.arn().toString())
                  .name(secret.name())
                  .description(secret.description())
                  .kmsKeyId(secret.keyId())
                  .lastChangedDate(secret.changed())
                  .lastAccessedDate(secret.accessed())
                  .deletedDate(deletion == null ? null : deletion.due())
                  .tags(Wire.tags(Vault.tags(view, secret)))
                  .versionIdsToStages(Wire.stages(secret))
                  .createdDate(secret.created())
                  .build();
            });
  }
}
