// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.kms.KmsError;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import dev.holdfast.kms.model.Alias;
import dev.holdfast.kms.model.Grant;
import dev.holdfast.kms.model.GrantTables;
import dev.holdfast.kms.model.KeyManager;
import dev.holdfast.kms.model.KeyState;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.kms.plan.Envelope;
import dev.holdfast.kms.plan.GrantRules;
import dev.holdfast.kms.plan.KeyPolicies;
import dev.holdfast.kms.plan.KeyRef;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.service.Access;
import dev.holdfast.service.BoundPolicies;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Demand;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Finds keys by what requests call them, and says what using them demands. */
public final class Keys {
  /** Parameter Store's AWS-managed key; each is made when it is first named. */
  public static final String SSM_ALIAS = "alias/aws/ssm";

  /** Secrets Manager's AWS-managed key. */
  public static final String SECRETS_ALIAS = "alias/aws/secretsmanager";

  /** What is the same of all keys there are. */
  private static final Map<String, List<String>> KIND =
      Map.of(
          "kms:KeySpec", List.of("SYMMETRIC_DEFAULT"),
          "kms:KeyUsage", List.of("ENCRYPT_DECRYPT"),
          "kms:KeyOrigin", List.of("AWS_KMS"),
          "kms:MultiRegion", List.of("false"));

  private final State state;
  private final Envelope envelope;
  private final BoundPolicies policies;
  private final SecureRandom random;

  public Keys(State state, Envelope envelope, BoundPolicies policies, SecureRandom random) {
    this.state = state;
    this.envelope = envelope;
    this.policies = policies;
    this.random = random;
  }

  State state() {
    return state;
  }

  Envelope envelope() {
    return envelope;
  }

  /** Whom a key policy that is to be saved names, by ARN. */
  Map<String, String> principals(View view, AccountId account, PolicyDocument policy) {
    return policies.principals(
        view,
        account,
        policy,
        _ ->
            KmsError.MALFORMED_POLICY_DOCUMENT.because(
                "Policy contains a statement with one or more invalid principals."));
  }

  /** A key's policy as it is shown. */
  String shownPolicy(View view, KmsKey key) {
    return policies.shown(view, key.account(), key.policy(), key.principals());
  }

  /** A fresh key id. */
  String freshId() {
    return Ids.uuid(random);
  }

  /**
   * What is asked of a key.
   *
   * @param grants which of the key's grants to the caller speak for the call; null for an action
   *     that none can allow
   */
  record Asked(String action, @Nullable Predicate<Grant> grants) {
    static Asked of(String action) {
      return new Asked(action, null);
    }

    /** Of an action that grants can allow, with an encryption context. */
    static Asked using(String action, Map<String, String> context) {
      String operation = action.substring("kms:".length());
      return new Asked(action, grant -> GrantRules.speaksFor(grant, operation, context));
    }
  }

  /** What one action on a key demands. */
  Access access(Call call, String action, String text, Reach reach) {
    return access(call, action, text, reach, demand -> demand);
  }

  Access access(Call call, String action, String text, Reach reach, UnaryOperator<Demand> more) {
    return access(call, Asked.of(action), text, reach, more);
  }

  /**
   * What one action on a key demands. A key that is not there demands the same of the caller; it is
   * the operation that says so.
   *
   * @param more adds the action's own condition keys
   */
  Access access(Call call, Asked asked, String text, Reach reach, UnaryOperator<Demand> more) {
    KeyRef ref = ref(call, text, reach);
    Optional<NamedKey> found =
        state.read(view -> find(view, call, ref)).or(() -> toBeManaged(call, ref));
    boolean own = ref.account().equals(call.account());
    if (found.isPresent() && (own || reach.foreign())) {
      return Access.of(more.apply(demand(call, asked, found.get())));
    }
    if (own && ref instanceof KeyRef.ByAlias) {
      throw missing(ref);
    }
    return Access.of(more.apply(global(call, Demand.on(asked.action(), ref.arn()))));
  }

  /** The key that a request names, as it is now. */
  NamedKey named(View view, Call call, String text, Reach reach) {
    KeyRef ref = ref(call, text, reach);
    return find(view, call, ref).orElseThrow(() -> missing(ref));
  }

  /** The key that a request names, or empty where it is not there. */
  static Optional<NamedKey> find(View view, Call call, String text, Reach reach) {
    return find(view, call, ref(call, text, reach));
  }

  private static KeyRef ref(Call call, String text, Reach reach) {
    KeyRef ref;
    try {
      ref = KeyRef.parse(call.account(), call.region(), text);
    } catch (IllegalArgumentException e) {
      throw new ApiError(KmsError.NOT_FOUND, String.valueOf(e.getMessage()));
    }
    if (ref instanceof KeyRef.ByAlias && !reach.aliases()) {
      throw KmsError.NOT_FOUND.because("Invalid keyId '%s'", text);
    }
    return ref;
  }

  private static ApiError missing(KeyRef ref) {
    return switch (ref) {
      case KeyRef.ById id -> KmsError.NOT_FOUND.because("Key '%s' does not exist", id.arn());
      case KeyRef.ByAlias alias ->
          KmsError.NOT_FOUND.because("Alias %s is not found.", alias.arn());
    };
  }

  private static Optional<NamedKey> find(View view, Call call, KeyRef ref) {
    return switch (ref) {
      case KeyRef.ById(var account, var region, var id) ->
          Optional.ofNullable(KmsTables.key(view, account, region, id))
              .filter(key -> !key.goneAt(call.now()))
              .map(key -> new NamedKey(key, null, aliases(view, key)));
      case KeyRef.ByAlias(var account, var region, var name) ->
          Optional.ofNullable(KmsTables.alias(view, account, region, name))
              .map(alias -> KmsTables.key(view, account, region, alias.keyId()))
              .filter(key -> !key.goneAt(call.now()))
              .map(key -> new NamedKey(key, name, aliases(view, key)));
    };
  }

  /** The key that made a ciphertext, whosever it is. */
  static Optional<NamedKey> byId(View view, Call call, String id) {
    return Optional.ofNullable(KmsTables.anyonesKey(view, call.region(), id))
        .filter(key -> !key.goneAt(call.now()))
        .map(key -> new NamedKey(key, null, aliases(view, key)));
  }

  private static List<String> aliases(View view, KmsKey key) {
    return KmsTables.aliases(view, key).stream().map(Alias::name).toList();
  }

  /** The demand of an action on a key, judged by the key's policy and the grants to the caller. */
  Demand demand(Call call, Asked asked, NamedKey named) {
    KmsKey key = named.key();
    Demand demand = kind(call, asked.action(), named).judgedBy(policy(key), Gate.KEY_POLICY);
    Predicate<Grant> meant = asked.grants();
    if (meant != null) {
      for (NamedPolicy grant : granted(call, key, asked.action(), meant)) {
        demand = demand.judgedAlsoBy(grant);
      }
    }
    return demand;
  }

  private static Demand kind(Call call, String action, NamedKey named) {
    Demand demand =
        global(call, Demand.on(action, named.key().arn()))
            .keys(KIND)
            .key("kms:RequestAlias", named.requestAlias());
    return named.aliases().isEmpty() ? demand : demand.keys("kms:ResourceAliases", named.aliases());
  }

  private NamedPolicy policy(KmsKey key) {
    return new NamedPolicy(key.arn().toString(), policies.compiled(key.policy(), key.principals()));
  }

  /** The grants that speak for a call, as policies that allow it. */
  private List<NamedPolicy> granted(Call call, KmsKey key, String action, Predicate<Grant> meant) {
    String operation = action.substring("kms:".length());
    return state
        .read(view -> GrantTables.heard(view, key, Grants.ids(call.principal()), operation, meant))
        .stream()
        .map(
            grant ->
                new NamedPolicy(
                    "grant " + grant.id(),
                    compiled(GrantRules.allow(List.of(grant.grantee().principal()), action))))
        .toList();
  }

  /** What retiring a grant demands: these may, and the key's policy has no say. */
  Access retiring(Call call, Grants.Found found, List<String> retirers) {
    KmsKey key = found.key();
    String action = "kms:RetireGrant";
    List<String> names = state.read(view -> aliases(view, key));
    return Access.of(
        kind(call, action, new NamedKey(key, null, names))
            .keys(CreateGrant.constraint(found.grant().constraint()))
            .judgedBy(
                new NamedPolicy("grant", compiled(GrantRules.allow(retirers, action))),
                Gate.KEY_POLICY));
  }

  /** The condition keys that every KMS action carries. */
  static Demand global(Call call, Demand demand) {
    Demand with = demand.key("kms:CallerAccount", call.account().digits());
    return call.via().isEmpty()
        ? with
        : with.key("kms:ViaService", regional(call, call.via().getLast()));
  }

  /** {@code ssm.amazonaws.com} as {@code ssm.REGION.amazonaws.com}. */
  private static String regional(Call call, String service) {
    int dot = service.indexOf('.');
    return service.substring(0, dot) + "." + call.region().name() + service.substring(dot);
  }

  private PolicyDocument compiled(String text) {
    return policies.compiled(text, Map.of());
  }

  /** The AWS-managed key that the caller's account and region will have, once a call may use it. */
  private Optional<NamedKey> toBeManaged(Call call, KeyRef ref) {
    if (ref instanceof KeyRef.ByAlias(var account, var region, var name)
        && (name.equals(SSM_ALIAS) || name.equals(SECRETS_ALIAS))
        && account.equals(call.account())
        && state.read(view -> KmsTables.alias(view, account, region, name)) == null) {
      return Optional.of(new NamedKey(managed(call, account, region, name), name, List.of(name)));
    }
    return Optional.empty();
  }

  private KmsKey managed(Call call, AccountId account, Region region, String alias) {
    boolean secrets = alias.equals(SECRETS_ALIAS);
    String id = managedId(account, region, alias);
    return new KmsKey(
        account,
        region,
        id,
        KeyManager.AWS,
        KeyState.ENABLED,
        call.now(),
        null,
        secrets
            ? "Default key that protects my Secrets Manager data when no other key is defined"
            : "Default key that protects my SSM parameters when no other key is defined",
        secrets ? KeyPolicies.secretsManager(account, region) : KeyPolicies.ssm(account, region),
        Map.of(),
        List.of(envelope.fresh(account, region, id, 1)),
        null);
  }

  /** The same each time, so that a key is judged by the ARN that it will have. */
  private static String managedId(AccountId account, Region region, String alias) {
    String hex = Hashes.sha256Hex(account.digits() + " " + region.name() + " " + alias);
    return "%s-%s-4%s-8%s-%s"
        .formatted(
            hex.substring(0, 8),
            hex.substring(8, 12),
            hex.substring(12, 15),
            hex.substring(15, 18),
            hex.substring(18, 30));
  }

  /**
   * Makes the AWS-managed key that a call names first. To be called once the call was let in, since
   * such a key is never deleted.
   */
  void makeManaged(Call call, String text) {
    toBeManaged(call, ref(call, text, Reach.USE))
        .ifPresent(named -> make(call, named.key(), named.aliases().getFirst()));
  }

  private void make(Call call, KmsKey key, String alias) {
    try {
      state.commit(
          creation(call, key),
          tx -> {
            if (KmsTables.alias(tx, key.account(), key.region(), alias) != null) {
              throw new MadeMeanwhile();
            }
            KmsTables.put(tx, key);
            KmsTables.put(
                tx,
                key.account(),
                new Alias(key.region(), alias, key.id(), call.now(), call.now()));
            return key.id();
          });
    } catch (MadeMeanwhile _) {
      // another call named the key first in the same moment; there is one, and one event of it
    }
  }

  /** Ends a transaction that another was faster than, with its audit event. */
  private static final class MadeMeanwhile extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** The call that makes an AWS-managed key, brought about by the call that named it. */
  private Call creation(Call call, KmsKey key) {
    CallRecord event =
        call.record().another(Ids.timedUuid(call.now(), random), "kms.amazonaws.com", "CreateKey");
    event.parameters(JsonObject.EMPTY.with("description", key.description()));
    event.touched(key.arn().toString());
    return new Call(
        call.id(), call.principal(), call.region(), call.now(), call.origin(), call.via(), event);
  }

  /** Refuses keys that cannot be used now. */
  static void requireUsable(KmsKey key) {
    switch (key.state()) {
      case ENABLED -> {}
      case DISABLED -> throw KmsError.DISABLED.because("%s is disabled.", key.arn());
      case PENDING_DELETION -> throw pendingDeletion(key);
    }
  }

  /** Refuses changes to a key that is about to go. */
  static void requireStaying(KmsKey key) {
    if (key.state() == KeyState.PENDING_DELETION) {
      throw pendingDeletion(key);
    }
  }

  private static ApiError pendingDeletion(KmsKey key) {
    return KmsError.KMS_INVALID_STATE.because("%s is pending deletion.", key.arn());
  }
}
