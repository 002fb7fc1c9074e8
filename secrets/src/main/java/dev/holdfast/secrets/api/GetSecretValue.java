// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.GetSecretValueRequest;
import dev.holdfast.aws.secretsmanager.GetSecretValueResponse;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.secrets.plan.Plain;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Reads the value of one version of a secret. */
public record GetSecretValue(Vault vault)
    implements Operation<GetSecretValueRequest, GetSecretValueResponse> {
  @Override
  public OperationModel<GetSecretValueRequest, GetSecretValueResponse> model() {
    return SecretsManagerModel.GET_SECRET_VALUE;
  }

  @Override
  public Access access(Call call, GetSecretValueRequest in) {
    return Access.of(
        vault.versions().reading(call, in.secretId(), in.versionId(), in.versionStage()));
  }

  @Override
  public GetSecretValueResponse handle(Call call, GetSecretValueRequest in) {
    Versions.Read read =
        vault.versions().read(call, in.secretId(), in.versionId(), in.versionStage());
    Versions.Found found = read.found();
    Plain plain = read.plain();
    return GetSecretValueResponse.builder()
        .arn(found.secret().arn().toString())
        .name(found.secret().name())
        .versionId(found.version().id())
        .secretBinary(plain.binary() ? plain.bytes() : null)
        .secretString(plain.binary() ? null : plain.text())
        .versionStages(found.version().stages())
        .createdDate(found.version().created())
        .build();
  }
}
