// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.PutSecretValueRequest;
import dev.holdfast.aws.secretsmanager.PutSecretValueResponse;
import dev.holdfast.aws.secretsmanager.SecretsManagerError;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.secrets.model.SealedValue;
import dev.holdfast.secrets.model.SecretVersion;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.secrets.plan.Plain;
import dev.holdfast.secrets.plan.Stages;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/** Adds a version to a secret and moves staging labels to it. */
public record PutSecretValue(Vault vault)
    implements Operation<PutSecretValueRequest, PutSecretValueResponse> {
  @Override
  public OperationModel<PutSecretValueRequest, PutSecretValueResponse> model() {
    return SecretsManagerModel.PUT_SECRET_VALUE;
  }

  @Override
  public Access access(Call call, PutSecretValueRequest in) {
    return Access.of(vault.demand(call, "secretsmanager:PutSecretValue", in.secretId()));
  }

  @Override
  public PutSecretValueResponse handle(Call call, PutSecretValueRequest in) {
    if (in.rotationToken() != null) {
      throw Wire.notServed("RotationToken", "rotation");
    }
    Plain plain = Wire.plain(in.secretString(), in.secretBinary());
    if (plain == null) {
      throw SecretsManagerError.INVALID_REQUEST.because(
          "You must provide either SecretString or SecretBinary.");
    }
    String version = Versions.token(in.clientRequestToken(), vault);
    return Versions.retried(() -> put(call, in, version, plain));
  }

  private PutSecretValueResponse put(
      Call call, PutSecretValueRequest in, String version, Plain plain) {
    StoredSecret before = vault.state().read(view -> Vault.staying(view, call, in.secretId()));
    if (!vault.versions().isNew(call, before, version, plain)) {
      return answer(before, version);
    }
    SealedValue sealed = vault.sealing().seal(call, before.arn(), before.keyId(), version, plain);
    List<String> stages =
        in.versionStages().isEmpty()
            ? List.of(Stages.CURRENT)
            : List.copyOf(new LinkedHashSet<>(in.versionStages()));
    var made = new SecretVersion(version, stages, call.now(), null, before.keyId());
    return vault
        .state()
        .commit(
            call,
            tx -> {
              StoredSecret now = Vault.staying(tx, call, in.secretId());
              if (now.version(version).isPresent()
                  || !Objects.equals(now.keyId(), before.keyId())) {
                throw new Versions.Meanwhile();
              }
              return answer(Versions.put(tx, now, made, sealed, call.now()), version);
            });
  }

  private static PutSecretValueResponse answer(StoredSecret secret, String version) {
    return PutSecretValueResponse.builder()
        .arn(secret.arn().toString())
        .name(secret.name())
        .versionId(version)
        .versionStages(secret.version(version).orElseThrow().stages())
        .build();
  }
}
