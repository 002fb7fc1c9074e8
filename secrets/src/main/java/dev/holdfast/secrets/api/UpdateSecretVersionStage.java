// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.SecretsManagerError;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.aws.secretsmanager.UpdateSecretVersionStageRequest;
import dev.holdfast.aws.secretsmanager.UpdateSecretVersionStageResponse;
import dev.holdfast.secrets.model.SecretTables;
import dev.holdfast.secrets.model.SecretVersion;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.secrets.plan.Stages;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.List;

/** Moves a staging label from one version to another. */
public record UpdateSecretVersionStage(Vault vault)
    implements Operation<UpdateSecretVersionStageRequest, UpdateSecretVersionStageResponse> {
  @Override
  public OperationModel<UpdateSecretVersionStageRequest, UpdateSecretVersionStageResponse> model() {
    return SecretsManagerModel.UPDATE_SECRET_VERSION_STAGE;
  }

  @Override
  public Access access(Call call, UpdateSecretVersionStageRequest in) {
    return Access.of(
        vault
            .demand(call, "secretsmanager:UpdateSecretVersionStage", in.secretId())
            .key("secretsmanager:VersionStage", in.versionStage()));
  }

  @Override
  public UpdateSecretVersionStageResponse handle(Call call, UpdateSecretVersionStageRequest in) {
    return vault
        .state()
        .commit(
            call,
            tx -> {
              StoredSecret now = Vault.staying(tx, call, in.secretId());
              List<SecretVersion> moved =
                  switch (Stages.move(
                      now.versions(),
                      in.versionStage(),
                      in.removeFromVersionId(),
                      in.moveToVersionId())) {
                    case Stages.Outcome.Moved(var versions) -> versions;
                    case Stages.Outcome.Invalid(var text) ->
                        throw SecretsManagerError.INVALID_PARAMETER.because("%s", text);
                    case Stages.Outcome.TooMany() -> throw Versions.tooManyStages();
                  };
              SecretTables.put(tx, now.with(moved, call.now()));
              return new UpdateSecretVersionStageResponse(now.arn().toString(), now.name());
            });
  }
}
