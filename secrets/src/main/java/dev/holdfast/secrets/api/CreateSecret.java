// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.CreateSecretRequest;
import dev.holdfast.aws.secretsmanager.CreateSecretResponse;
import dev.holdfast.aws.secretsmanager.ReplicaRegionType;
import dev.holdfast.aws.secretsmanager.SecretsManagerError;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.kit.Arn;
import dev.holdfast.secrets.model.SealedValue;
import dev.holdfast.secrets.model.SecretName;
import dev.holdfast.secrets.model.SecretTables;
import dev.holdfast.secrets.model.SecretVersion;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.secrets.plan.Plain;
import dev.holdfast.secrets.plan.Stages;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes a secret, with a first version where a value is given. */
public record CreateSecret(Vault vault)
    implements Operation<CreateSecretRequest, CreateSecretResponse> {
  @Override
  public OperationModel<CreateSecretRequest, CreateSecretResponse> model() {
    return SecretsManagerModel.CREATE_SECRET;
  }

  @Override
  public Access access(Call call, CreateSecretRequest in) {
    Wire.requireName(in.name());
    Map<String, String> tags = Wire.tags(in.tags());
    Demand create =
        Demand.on("secretsmanager:CreateSecret", arn(call, in.name()))
            .key("secretsmanager:Name", in.name())
            .key("secretsmanager:Description", in.description())
            .key("secretsmanager:KmsKeyId", in.kmsKeyId())
            .key("secretsmanager:KmsKeyArn", Vault.keyArn(call, in.kmsKeyId()))
            .key("secretsmanager:Type", in.type())
            .key(
                "secretsmanager:ForceOverwriteReplicaSecret",
                Boolean.toString(Boolean.TRUE.equals(in.forceOverwriteReplicaSecret())))
            .keys(
                "secretsmanager:AddReplicaRegions",
                in.addReplicaRegions().stream()
                    .map(ReplicaRegionType::region)
                    .filter(Objects::nonNull)
                    .map(String::valueOf)
                    .toList());
    return vault.tagged(
        create, Demand.on("secretsmanager:TagResource", arn(call, in.name())), tags);
  }

  @Override
  public CreateSecretResponse handle(Call call, CreateSecretRequest in) {
    requireServed(in);
    Map<String, String> tags = Wire.tags(in.tags());
    Wire.requireTags(tags);
    Plain plain = Wire.plain(in.secretString(), in.secretBinary());
    String version = Versions.token(in.clientRequestToken(), vault);
    StoredSecret there = vault.state().read(view -> there(view, call, in.name()));
    if (there != null) {
      return again(call, in, there, version, plain);
    }
    StoredSecret draft = draft(call, in, plain == null ? null : version);
    SealedValue sealed =
        plain == null
            ? null
            : vault.sealing().seal(call, draft.arn(), draft.keyId(), version, plain);
    return vault
        .state()
        .commit(
            call,
            tx -> {
              if (there(tx, call, in.name()) != null) {
                throw exists(in.name());
              }
              clear(tx, draft);
              SecretTables.put(tx, draft);
              if (sealed != null) {
                SecretTables.put(tx, draft, version, sealed);
              }
              Vault.tag(tx, draft, tags);
              return answer(draft, sealed == null ? null : version);
            });
  }

  private static Arn arn(Call call, String name) {
    return SecretName.arn(call.account(), call.region(), name, SecretName.ANY_SUFFIX);
  }

  private static void requireServed(CreateSecretRequest in) {
    if (!in.addReplicaRegions().isEmpty()) {
      throw Wire.notServed("AddReplicaRegions", "replication");
    }
    if (Boolean.TRUE.equals(in.forceOverwriteReplicaSecret())) {
      throw Wire.notServed("ForceOverwriteReplicaSecret", "replication");
    }
    if (in.type() != null && !in.type().isEmpty()) {
      throw Wire.notServed("Type", "the rotation of secrets that others hold");
    }
  }

  private StoredSecret draft(Call call, CreateSecretRequest in, @Nullable String version) {
    String key = in.kmsKeyId() == null || in.kmsKeyId().isEmpty() ? null : in.kmsKeyId();
    List<SecretVersion> versions =
        version == null
            ? List.of()
            : List.of(new SecretVersion(version, List.of(Stages.CURRENT), call.now(), null, key));
    return new StoredSecret(
        call.account(),
        call.region(),
        in.name(),
        SecretName.suffix(vault.random()),
        in.description(),
        key,
        null,
        Map.of(),
        call.now(),
        call.now(),
        null,
        null,
        versions);
  }

  /** The secret of that name that is in the way, or null; refuses one that is about to go. */
  private static @Nullable StoredSecret there(View view, Call call, String name) {
    StoredSecret there = SecretTables.secret(view, call.account(), call.region(), name);
    if (there == null || there.goneAt(call.now())) {
      return null;
    }
    if (there.deletion() != null) {
      throw SecretsManagerError.INVALID_REQUEST.because(
          "You can't create this secret because a secret with this name is already scheduled for"
              + " deletion.");
    }
    return there;
  }

  /** What is left of a secret of that name whose recovery window is over. */
  private static void clear(Tx tx, StoredSecret draft) {
    StoredSecret gone = SecretTables.secret(tx, draft.account(), draft.region(), draft.name());
    if (gone != null) {
      SecretTables.delete(tx, gone);
      Tags.delete(tx, gone.account(), gone.arn());
    }
  }

  private static ApiError exists(String name) {
    return SecretsManagerError.RESOURCE_EXISTS.because(
        "The operation failed because the secret %s already exists.", name);
  }

  /** The same request again makes nothing and is answered alike. */
  private CreateSecretResponse again(
      Call call,
      CreateSecretRequest in,
      StoredSecret there,
      String version,
      @Nullable Plain plain) {
    if (plain == null || there.version(version).isEmpty()) {
      throw exists(in.name());
    }
    if (!vault.versions().holds(call, there, version, plain)) {
      throw exists(in.name());
    }
    return answer(there, version);
  }

  private static CreateSecretResponse answer(StoredSecret secret, @Nullable String version) {
    return CreateSecretResponse.builder()
        .arn(secret.arn().toString())
        .name(secret.name())
        .versionId(version)
        .build();
  }
}
