// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.secretsmanager.SecretsManagerError;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.secrets.model.SecretRef;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.service.Access;
import dev.holdfast.service.BoundPolicies;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Guard;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Finds secrets by what requests call them, and says what touching them demands. */
public final class Vault {
  private final State state;
  private final Guard guard;
  private final BoundPolicies policies;
  private final Sealing sealing;
  private final RandomGenerator random;

  public Vault(
      State state, Guard guard, BoundPolicies policies, Sealing sealing, RandomGenerator random) {
    this.state = state;
    this.guard = guard;
    this.policies = policies;
    this.sealing = sealing;
    this.random = random;
  }

  State state() {
    return state;
  }

  Guard guard() {
    return guard;
  }

  Sealing sealing() {
    return sealing;
  }

  Versions versions() {
    return new Versions(this);
  }

  RandomGenerator random() {
    return random;
  }

  static SecretRef ref(Call call, String text) {
    return SecretRef.parse(call.account(), call.region(), text).orElseThrow(Wire::invalidName);
  }

  /**
   * One action on the secret that a request names. A secret that is not there demands the same of
   * the caller; it is the operation that says so.
   */
  Demand demand(Call call, String action, String text) {
    SecretRef ref = ref(call, text);
    Optional<StoredSecret> found = state.read(view -> find(view, call, ref));
    return found.isPresent()
        ? demand(action, found.get())
        : keyed(Demand.on(action, ref.arn()), ref.arn().toString(), ref.region().name());
  }

  /** One action on a secret, judged by its resource policy too. */
  Demand demand(String action, StoredSecret secret) {
    String arn = secret.arn().toString();
    Demand demand = keyed(Demand.on(action, secret.arn()), arn, secret.region().name());
    String policy = secret.policy();
    return policy == null
        ? demand
        : demand.judgedBy(
            new NamedPolicy(arn, policies.compiled(policy, secret.principals())), Gate.NONE);
  }

  private static Demand keyed(Demand demand, String arn, String region) {
    return demand
        .key("secretsmanager:SecretId", arn)
        .key("secretsmanager:SecretPrimaryRegion", region);
  }

  /** Whom a resource policy that is to be saved names, by ARN. */
  Map<String, String> principals(View view, Call call, PolicyDocument policy) {
    return policies.principals(
        view,
        call.account(),
        policy,
        _ ->
            SecretsManagerError.MALFORMED_POLICY_DOCUMENT.because(
                "This resource policy contains an unsupported principal."));
  }

  /** A secret's policy as it is shown, or null where it has none. */
  @Nullable String shownPolicy(View view, StoredSecret secret) {
    String policy = secret.policy();
    return policy == null
        ? null
        : policies.shown(view, secret.account(), policy, secret.principals());
  }

  /** The secret that a request names, marked for deletion or not; none of another region. */
  private static Optional<StoredSecret> find(View view, Call call, SecretRef ref) {
    return ref.region().equals(call.region())
        ? ref.find(view, call.account()).filter(secret -> !secret.goneAt(call.now()))
        : Optional.empty();
  }

  /** The secret that a request names and its caller was let in to, marked for deletion or not. */
  static StoredSecret named(View view, Call call, String text) {
    return find(view, call, ref(call, text))
        .filter(secret -> call.record().touches(secret.arn().toString()))
        .orElseThrow(Wire::missing);
  }

  /** The secret that a request names, refused where it is marked for deletion. */
  static StoredSecret staying(View view, Call call, String text) {
    StoredSecret secret = named(view, call, text);
    if (secret.deletion() != null) {
      throw marked();
    }
    return secret;
  }

  static ApiError marked() {
    return SecretsManagerError.INVALID_REQUEST.because(
        "You can't perform this operation on the secret because it was marked for deletion.");
  }

  /** What one action on a secret demands, where tags are given too. */
  Access tagged(Demand demand, Demand tagging, Map<String, String> tags) {
    return tags.isEmpty() ? Access.of(demand) : Access.of(demand.made(tags), tagging.made(tags));
  }

  static Map<String, String> tags(View view, StoredSecret secret) {
    return Tags.of(view, secret.account(), secret.arn());
  }

  /** Sets tags beside those that are there. */
  static void tag(Tx tx, StoredSecret secret, Map<String, String> tags) {
    Tags.add(tx, secret.account(), secret.arn(), tags);
    if (tags(tx, secret).size() > Tags.MAX) {
      throw Wire.tooManyTags();
    }
  }

  /** The key's ARN where the request names it by id or ARN, as policies may ask for it. */
  static @Nullable String keyArn(Call call, @Nullable String keyId) {
    return keyId == null || keyId.isEmpty() || keyId.contains("alias/")
        ? null
        : Sealing.qualified(call.account(), call.region(), keyId);
  }
}
