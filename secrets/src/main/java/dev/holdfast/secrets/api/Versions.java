// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.secretsmanager.SecretsManagerError;
import dev.holdfast.kit.Ids;
import dev.holdfast.secrets.model.SealedValue;
import dev.holdfast.secrets.model.SecretTables;
import dev.holdfast.secrets.model.SecretVersion;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.secrets.plan.Plain;
import dev.holdfast.secrets.plan.Stages;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.store.StoreFull;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import dev.holdfast.store.space.Urgency;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads and writes versions of secrets: what several operations do alike. */
final class Versions {
  private static final int TRIES = 5;

  private final Vault vault;

  Versions(Vault vault) {
    this.vault = vault;
  }

  /** The id of the version that a request makes. */
  static String token(@Nullable String given, Vault vault) {
    return given == null ? Ids.uuid(vault.random()) : given;
  }

  /** A version and its value, still sealed. */
  record Found(StoredSecret secret, SecretVersion version, SealedValue value) {}

  /**
   * The version that a request asks for.
   *
   * @param id or null
   * @param stage or null; where both are null, the current version is meant
   */
  static Found find(View view, StoredSecret secret, @Nullable String id, @Nullable String stage) {
    String wanted = stage == null && id == null ? Stages.CURRENT : stage;
    SecretVersion version;
    if (id != null) {
      version =
          secret
              .version(id)
              .orElseThrow(
                  () ->
                      SecretsManagerError.RESOURCE_NOT_FOUND.because(
                          "Secrets Manager can't find the specified secret value for VersionId: %s",
                          id));
      if (wanted != null && !version.stages().contains(wanted)) {
        throw SecretsManagerError.INVALID_REQUEST.because(
            "You provided a VersionStage that is not associated to the provided VersionId.");
      }
    } else {
      version = secret.staged(String.valueOf(wanted)).orElseThrow(() -> unstaged(wanted));
    }
    SealedValue value = SecretTables.value(view, secret, version.id());
    if (value == null) {
      throw unstaged(wanted);
    }
    return new Found(secret, version, value);
  }

  private static ApiError unstaged(@Nullable String stage) {
    return SecretsManagerError.RESOURCE_NOT_FOUND.because(
        "Secrets Manager can't find the specified secret value for staging label: %s",
        String.valueOf(stage));
  }

  /** What reading a version demands; where neither is given, the current one is meant. */
  Demand reading(Call call, String secret, @Nullable String id, @Nullable String stage) {
    return vault
        .demand(call, "secretsmanager:GetSecretValue", secret)
        .key("secretsmanager:VersionId", id)
        .key("secretsmanager:VersionStage", stage == null && id == null ? Stages.CURRENT : stage)
        .revealing();
  }

  /** A version with its value. */
  record Read(Found found, Plain plain) {}

  /** Reads a version for the caller, once the call was let in. */
  Read read(Call call, String secret, @Nullable String id, @Nullable String stage) {
    Found found =
        vault.state().read(view -> find(view, Vault.staying(view, call, secret), id, stage));
    Plain plain =
        vault.sealing().open(call, found.secret().arn(), found.version().id(), found.value());
    note(call, found);
    return new Read(found, plain);
  }

  /** Whether a version of a secret holds this value. */
  boolean holds(Call call, StoredSecret secret, String version, Plain plain) {
    return vault
        .state()
        .read(view -> Optional.ofNullable(SecretTables.value(view, secret, version)))
        .map(value -> vault.sealing().open(call, secret.arn(), version, value).same(plain))
        .orElse(false);
  }

  /** Notes the day of a reading, once a day; a full disk does not keep anybody from reading. */
  private void note(Call call, Found found) {
    Instant day = call.now().truncatedTo(ChronoUnit.DAYS);
    if (day.equals(found.secret().accessed()) && day.equals(found.version().accessed())) {
      return;
    }
    try {
      vault
          .state()
          .own(
              Urgency.ORDINARY,
              tx -> {
                StoredSecret now =
                    SecretTables.secret(
                        tx,
                        found.secret().account(),
                        found.secret().region(),
                        found.secret().name());
                if (now != null && now.suffix().equals(found.secret().suffix())) {
                  SecretTables.put(tx, now.readOn(day, found.version().id()));
                }
                return day;
              });
    } catch (StoreFull _) {
      // told by the next reading with space
    }
  }

  /**
   * Whether the request makes a version at all: one that is there with the same value is the same
   * request again.
   *
   * @throws ApiError ResourceExistsException where it has another value
   */
  boolean isNew(Call call, StoredSecret secret, String version, Plain plain) {
    if (secret.version(version).isEmpty()) {
      return true;
    }
    if (!holds(call, secret, version, plain)) {
      throw SecretsManagerError.RESOURCE_EXISTS.because(
          "You can't use ClientRequestToken %s because that value is already in use for a version"
              + " of secret %s.",
          version, secret.arn());
    }
    return false;
  }

  /** Puts a version into a secret, whose oldest deprecated ones make room; returns the secret. */
  static StoredSecret put(
      Tx tx, StoredSecret now, SecretVersion version, SealedValue sealed, Instant at) {
    List<SecretVersion> kept =
        Stages.room(now.versions(), at)
            .orElseThrow(
                () ->
                    SecretsManagerError.LIMIT_EXCEEDED.because(
                        "You can't have more than %d versions of a secret: those without a staging"
                            + " label go after 24 hours.",
                        Stages.MOST_VERSIONS));
    now.versions().stream()
        .filter(old -> !kept.contains(old))
        .forEach(old -> SecretTables.deleteValue(tx, now, old.id()));
    StoredSecret next = now.with(Stages.add(kept, version), at);
    if (next.versions().stream().anyMatch(v -> v.stages().size() > Stages.MOST)) {
      throw tooManyStages();
    }
    SecretTables.put(tx, next);
    SecretTables.put(tx, next, version.id(), sealed);
    return next;
  }

  static ApiError tooManyStages() {
    return SecretsManagerError.LIMIT_EXCEEDED.because(
        "A version can have at most %d staging labels.", Stages.MOST);
  }

  /**
   * Does what another request may have got in the way of, once more where it did.
   *
   * @param work throws {@link Meanwhile} from its transaction
   */
  static <R> R retried(Supplier<R> work) {
    for (int i = 1; i < TRIES; i++) {
      try {
        return work.get();
      } catch (Meanwhile _) {
        // it looks at the secret as it is now
      }
    }
    try {
      return work.get();
    } catch (Meanwhile _) {
      throw SecretsManagerError.INVALID_REQUEST.because(
          "The secret is being changed by other requests; try again.");
    }
  }

  /** Ends a transaction whose secret was changed since it was looked at. */
  static final class Meanwhile extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
