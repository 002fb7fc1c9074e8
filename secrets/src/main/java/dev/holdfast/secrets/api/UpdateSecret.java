// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.aws.secretsmanager.UpdateSecretRequest;
import dev.holdfast.aws.secretsmanager.UpdateSecretResponse;
import dev.holdfast.secrets.model.SealedValue;
import dev.holdfast.secrets.model.SecretTables;
import dev.holdfast.secrets.model.SecretVersion;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.secrets.plan.Plain;
import dev.holdfast.secrets.plan.Stages;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes what is said of a secret, its key, or its value. */
public record UpdateSecret(Vault vault)
    implements Operation<UpdateSecretRequest, UpdateSecretResponse> {
  @Override
  public OperationModel<UpdateSecretRequest, UpdateSecretResponse> model() {
    return SecretsManagerModel.UPDATE_SECRET;
  }

  @Override
  public Access access(Call call, UpdateSecretRequest in) {
    return Access.of(
        vault
            .demand(call, "secretsmanager:UpdateSecret", in.secretId())
            .key("secretsmanager:Description", in.description())
            .key("secretsmanager:KmsKeyId", in.kmsKeyId())
            .key("secretsmanager:KmsKeyArn", Vault.keyArn(call, in.kmsKeyId()))
            .key("secretsmanager:Type", in.type()));
  }

  @Override
  public UpdateSecretResponse handle(Call call, UpdateSecretRequest in) {
    if (in.type() != null && !in.type().isEmpty()) {
      throw Wire.notServed("Type", "the rotation of secrets that others hold");
    }
    Plain plain = Wire.plain(in.secretString(), in.secretBinary());
    String version = Versions.token(in.clientRequestToken(), vault);
    return Versions.retried(() -> update(call, in, version, plain));
  }

  private UpdateSecretResponse update(
      Call call, UpdateSecretRequest in, String version, @Nullable Plain plain) {
    StoredSecret before = vault.state().read(view -> Vault.staying(view, call, in.secretId()));
    String key = key(in, before);
    boolean makes = plain != null && vault.versions().isNew(call, before, version, plain);
    SealedValue sealed =
        plain == null || !makes
            ? null
            : vault.sealing().seal(call, before.arn(), key, version, plain);
    Map<String, SealedValue> moved =
        Objects.equals(key, before.keyId()) ? Map.of() : underKey(call, before, key);
    return vault
        .state()
        .commit(
            call,
            tx -> {
              StoredSecret now = Vault.staying(tx, call, in.secretId());
              if (!now.versions().stream()
                      .map(SecretVersion::id)
                      .toList()
                      .equals(before.versions().stream().map(SecretVersion::id).toList())
                  || !Objects.equals(now.keyId(), before.keyId())) {
                throw new Versions.Meanwhile();
              }
              StoredSecret next = described(in, now, key, moved, call.now());
              moved.forEach((id, value) -> SecretTables.put(tx, next, id, value));
              if (sealed == null) {
                SecretTables.put(tx, next);
              } else {
                var made =
                    new SecretVersion(version, List.of(Stages.CURRENT), call.now(), null, key);
                StoredSecret _ = Versions.put(tx, next, made, sealed, call.now());
              }
              return UpdateSecretResponse.builder()
                  .arn(now.arn().toString())
                  .name(now.name())
                  .versionId(plain == null ? null : version)
                  .build();
            });
  }

  private static StoredSecret described(
      UpdateSecretRequest in,
      StoredSecret now,
      @Nullable String key,
      Map<String, SealedValue> moved,
      Instant at) {
    return now.described(in.description() == null ? now.description() : in.description(), key, at)
        .with(
            now.versions().stream().map(v -> moved.containsKey(v.id()) ? v.under(key) : v).toList(),
            at);
  }

  /** The key from now on; an empty text means the AWS-managed one. */
  private static @Nullable String key(UpdateSecretRequest in, StoredSecret before) {
    String asked = in.kmsKeyId();
    if (asked == null) {
      return before.keyId();
    }
    return asked.isEmpty() ? null : asked;
  }

  /** The values of the versions in use, encrypted anew under another key. */
  private Map<String, SealedValue> underKey(Call call, StoredSecret before, @Nullable String key) {
    var moved = new LinkedHashMap<String, SealedValue>();
    for (SecretVersion version : before.versions()) {
      if (version.stages().contains(Stages.CURRENT)
          || version.stages().contains(Stages.PREVIOUS)
          || version.stages().contains(Stages.PENDING)) {
        SealedValue value =
            vault
                .state()
                .read(view -> Optional.ofNullable(SecretTables.value(view, before, version.id())))
                .orElseThrow(Versions.Meanwhile::new);
        Plain plain = vault.sealing().open(call, before.arn(), version.id(), value);
        moved.put(version.id(), vault.sealing().seal(call, before.arn(), key, version.id(), plain));
      }
    }
    return moved;
  }
}
