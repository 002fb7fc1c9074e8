// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets;

import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.kms.Kms;
import dev.holdfast.secrets.api.BatchGetSecretValue;
import dev.holdfast.secrets.api.CreateSecret;
import dev.holdfast.secrets.api.DeleteResourcePolicy;
import dev.holdfast.secrets.api.DeleteSecret;
import dev.holdfast.secrets.api.DescribeSecret;
import dev.holdfast.secrets.api.GetRandomPassword;
import dev.holdfast.secrets.api.GetResourcePolicy;
import dev.holdfast.secrets.api.GetSecretValue;
import dev.holdfast.secrets.api.ListSecretVersionIds;
import dev.holdfast.secrets.api.ListSecrets;
import dev.holdfast.secrets.api.PutResourcePolicy;
import dev.holdfast.secrets.api.PutSecretValue;
import dev.holdfast.secrets.api.RestoreSecret;
import dev.holdfast.secrets.api.Sealing;
import dev.holdfast.secrets.api.TagResource;
import dev.holdfast.secrets.api.UntagResource;
import dev.holdfast.secrets.api.UpdateSecret;
import dev.holdfast.secrets.api.UpdateSecretVersionStage;
import dev.holdfast.secrets.api.ValidateResourcePolicy;
import dev.holdfast.secrets.api.Vault;
import dev.holdfast.secrets.model.SecretRef;
import dev.holdfast.secrets.model.SecretTables;
import dev.holdfast.secrets.model.SecretVersion;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.secrets.plan.Stages;
import dev.holdfast.service.ApiService;
import dev.holdfast.service.BoundPolicies;
import dev.holdfast.service.Guard;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Principal;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import dev.holdfast.service.UniqueIds;
import dev.holdfast.store.View;
import dev.holdfast.store.space.Urgency;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Secrets Manager: its API, and what a {@code valueFrom} of a container secret means. */
public final class Secrets {

  /**
   * What Secrets Manager stands on.
   *
   * @param principals whom resource policies name
   */
  public record Needs(
      State state,
      Kms kms,
      Guard guard,
      UniqueIds principals,
      PageTokens pages,
      SecureRandom random) {}

  private final Needs needs;

  private Secrets(Needs needs) {
    this.needs = needs;
  }

  public static Secrets create(Needs needs) {
    return new Secrets(needs);
  }

  public ApiService service() {
    var sealing = new Sealing(needs.kms(), needs.random());
    var vault =
        new Vault(
            needs.state(),
            needs.guard(),
            new BoundPolicies(needs.principals()),
            sealing,
            needs.random());
    PageTokens pages = needs.pages();
    return new ApiService(
        SecretsManagerModel.SERVICE,
        List.of(
            new BatchGetSecretValue(vault, pages),
            new CreateSecret(vault),
            new DeleteResourcePolicy(vault),
            new DeleteSecret(vault),
            new DescribeSecret(vault),
            new GetRandomPassword(vault),
            new GetResourcePolicy(vault),
            new GetSecretValue(vault),
            new ListSecretVersionIds(vault, pages),
            new ListSecrets(vault, pages),
            new PutResourcePolicy(vault),
            new PutSecretValue(vault),
            new RestoreSecret(vault),
            new TagResource(vault),
            new UntagResource(vault),
            new UpdateSecret(vault),
            new UpdateSecretVersionStage(vault),
            new ValidateResourcePolicy(vault)));
  }

  /**
   * One version of one secret.
   *
   * @param arn the complete one
   * @param environment its tag {@code environment}, or null where it has none
   */
  public record Resolved(String arn, String name, String version, @Nullable String environment) {}

  /**
   * What a container secret means in this state; no value is read, and no right is asked for.
   *
   * @param account of the task; secrets of others are not found
   * @param arn complete or without its random characters
   * @param stage the staging label that is asked for; null for the current version
   * @param version the version that is asked for, or null
   * @return empty where there is no such secret or version, or it is marked for deletion
   */
  public Optional<Resolved> resolve(
      View view,
      AccountId account,
      Region region,
      String arn,
      @Nullable String stage,
      @Nullable String version) {
    return SecretRef.parse(account, region, arn)
        .filter(ref -> ref.account().equals(account) && ref.region().equals(region))
        .flatMap(ref -> ref.find(view, account))
        .filter(secret -> secret.deletion() == null)
        .flatMap(
            secret ->
                version(secret, stage, version)
                    .map(
                        found ->
                            new Resolved(
                                secret.arn().toString(),
                                secret.name(),
                                found.id(),
                                Tags.of(view, account, secret.arn()).get(Principal.ENVIRONMENT))));
  }

  private static Optional<SecretVersion> version(
      StoredSecret secret, @Nullable String stage, @Nullable String version) {
    if (version == null) {
      return secret.staged(stage == null ? Stages.CURRENT : stage);
    }
    return secret.version(version).filter(v -> stage == null || v.stages().contains(stage));
  }

  /**
   * Removes secrets whose recovery window has ended, with their values and tags. From that moment
   * on there is no such secret, whenever this runs.
   *
   * @return how many
   */
  public int deleteExpired(Instant now) {
    return needs
        .state()
        .<Integer>own(
            Urgency.VITAL,
            tx -> {
              var gone = new ArrayList<StoredSecret>();
              SecretTables.each(
                  tx,
                  secret -> {
                    if (secret.goneAt(now)) {
                      gone.add(secret);
                    }
                  });
              for (StoredSecret secret : gone) {
                SecretTables.delete(tx, secret);
                Tags.delete(tx, secret.account(), secret.arn());
              }
              return gone.size();
            });
  }
}
