// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.iam.api.account.AccountOperations;
import dev.holdfast.iam.api.factor.FactorOperations;
import dev.holdfast.iam.api.group.GroupOperations;
import dev.holdfast.iam.api.issue.IssueOperations;
import dev.holdfast.iam.api.issue.IssuerSite;
import dev.holdfast.iam.api.linked.LinkedOperations;
import dev.holdfast.iam.api.login.LoginOperations;
import dev.holdfast.iam.api.oidc.OidcOperations;
import dev.holdfast.iam.api.policy.PolicyOperations;
import dev.holdfast.iam.api.profile.ProfileOperations;
import dev.holdfast.iam.api.report.ReportOperations;
import dev.holdfast.iam.api.role.RoleOperations;
import dev.holdfast.iam.api.simulate.SimulationOperations;
import dev.holdfast.iam.api.sts.AssumeRole;
import dev.holdfast.iam.api.sts.AssumeRoleWithWebIdentity;
import dev.holdfast.iam.api.sts.DecodeAuthorizationMessage;
import dev.holdfast.iam.api.sts.GetAccessKeyInfo;
import dev.holdfast.iam.api.sts.GetCallerIdentity;
import dev.holdfast.iam.api.sts.GetDelegatedAccessToken;
import dev.holdfast.iam.api.sts.GetFederationToken;
import dev.holdfast.iam.api.sts.GetSessionToken;
import dev.holdfast.iam.api.sts.GetWebIdentityToken;
import dev.holdfast.iam.api.user.UserOperations;
import dev.holdfast.iam.control.Accounts;
import dev.holdfast.iam.control.Authenticator;
import dev.holdfast.iam.control.Denials;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Identities;
import dev.holdfast.iam.control.LastUses;
import dev.holdfast.iam.control.PolicyGuard;
import dev.holdfast.iam.control.PolicySets;
import dev.holdfast.iam.control.ServiceUses;
import dev.holdfast.iam.control.Sessions;
import dev.holdfast.iam.control.Shrinking;
import dev.holdfast.iam.control.issue.TokenIssuers;
import dev.holdfast.iam.control.oidc.IssuerKeys;
import dev.holdfast.iam.control.oidc.WebIdentities;
import dev.holdfast.iam.control.revoke.Revocations;
import dev.holdfast.iam.plan.Documents;
import dev.holdfast.iam.plan.SessionTokens;
import dev.holdfast.iam.port.IssuerSites;
import dev.holdfast.iam.port.RoleUses;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.ApiService;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.Guard;
import dev.holdfast.service.Guardrails;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Route;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** IAM and STS: who calls, what they may do, and the temporary credentials of roles. */
public final class Iam {

  /**
   * The keys that IAM works with.
   *
   * @param session 32 random bytes, the same after each restart: all sessions hang on them
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Keys(byte[] session) {
    @Override
    public String toString() {
      return "Keys[***]";
    }
  }

  /**
   * What IAM asks of others.
   *
   * @param sites of identity providers
   * @param uses of service-linked roles
   * @param address the base of every API, as others reach this platform
   */
  public record Neighbours(IssuerSites sites, RoleUses uses, Supplier<String> address) {
    /** Nobody: for a directory that is worked on while no platform runs, and for tests. */
    public static final Neighbours NONE =
        new Neighbours(IssuerSites.NONE, RoleUses.NONE, () -> "http://localhost");
  }

  /**
   * How long AWS tells when a role was last used.
   *
   * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html">
   *     RoleLastUsed</a>
   */
  private static final Duration LAST_USES = Duration.ofDays(400);

  private static final Duration DENIALS = Duration.ofDays(7);

  private final State state;
  private final Guardrails guardrails;
  private final Authenticator authenticator;
  private final Guard guard;
  private final Accounts accounts;
  private final Sessions sessions;
  private final Denials denials;
  private final LastUses uses;
  private final ServiceUses serviceUses;
  private final Revocations revocations;
  private final TokenIssuers issuers;
  private final List<ApiService> services;

  private Iam(
      IamState iam, Keys keys, Guardrails guardrails, Neighbours neighbours, InstantSource clock) {
    var sets = new PolicySets(new Documents());
    var tokens = new SessionTokens(keys.session(), iam.random());
    this.state = iam.state();
    this.guardrails = guardrails;
    this.denials = new Denials(iam.state());
    this.sessions = new Sessions(iam.state(), sets, tokens, iam.random(), clock);
    this.uses = new LastUses(iam.state());
    this.serviceUses = new ServiceUses(iam.state());
    this.revocations = new Revocations(iam.state(), clock);
    this.authenticator = new Authenticator(iam.state(), sessions, uses);
    this.accounts = new Accounts(iam.state(), sessions, iam.random(), clock);
    this.guard = new PolicyGuard(iam.state(), sets, guardrails, denials, serviceUses, iam.random());
    this.issuers = new TokenIssuers(iam, neighbours.address());
    this.services =
        List.of(
            new ApiService(IamModel.SERVICE, iamOperations(iam, serviceUses, neighbours, issuers)),
            new ApiService(
                StsModel.SERVICE,
                List.of(
                    new AssumeRole(iam, sessions, sets),
                    new AssumeRoleWithWebIdentity(
                        iam,
                        sessions,
                        sets,
                        new WebIdentities(iam.state(), new IssuerKeys(neighbours.sites()), clock)),
                    new DecodeAuthorizationMessage(denials),
                    new GetAccessKeyInfo(iam),
                    new GetCallerIdentity(),
                    new GetDelegatedAccessToken(),
                    new GetFederationToken(iam, sessions),
                    new GetSessionToken(iam, sessions),
                    new GetWebIdentityToken(issuers))));
  }

  private static List<Operation<?, ?>> iamOperations(
      IamState iam, ServiceUses uses, Neighbours neighbours, TokenIssuers issuers) {
    var all = new ArrayList<Operation<?, ?>>();
    all.addAll(UserOperations.of(iam));
    all.addAll(FactorOperations.of(iam));
    all.addAll(LoginOperations.of(iam));
    all.addAll(RoleOperations.of(iam));
    all.addAll(GroupOperations.of(iam));
    all.addAll(PolicyOperations.of(iam));
    all.addAll(AccountOperations.of(iam));
    all.addAll(ProfileOperations.of(iam));
    all.addAll(SimulationOperations.of(iam));
    all.addAll(OidcOperations.of(iam, neighbours.sites()));
    all.addAll(IssueOperations.of(issuers));
    all.addAll(LinkedOperations.of(iam, neighbours.uses()));
    all.addAll(ReportOperations.of(iam, uses));
    return all;
  }

  /**
   * IAM over a state.
   *
   * @param random a cryptographically strong generator: keys and ids come from it
   */
  public static Iam create(
      State state,
      Keys keys,
      Guardrails guardrails,
      PageTokens pages,
      RandomGenerator random,
      InstantSource clock) {
    return create(state, keys, guardrails, pages, Neighbours.NONE, random, clock);
  }

  /** As above, among others. */
  public static Iam create(
      State state,
      Keys keys,
      Guardrails guardrails,
      PageTokens pages,
      Neighbours neighbours,
      RandomGenerator random,
      InstantSource clock) {
    return new Iam(new IamState(state, pages, random, clock), keys, guardrails, neighbours, clock);
  }

  /** IAM and STS as the door serves them. */
  public List<ApiService> services() {
    return services;
  }

  /** What is no AWS operation: what issuers publish. */
  public List<Route> routes() {
    return List.of(new IssuerSite(issuers).route());
  }

  public Authenticator authenticator() {
    return authenticator;
  }

  public Guard guard() {
    return guard;
  }

  public Accounts accounts() {
    return accounts;
  }

  public Sessions sessions() {
    return sessions;
  }

  /**
   * The unique id of whom an ARN names in a state, so that whoever gets the name later is not
   * meant.
   *
   * @return empty where there is nobody of that name
   */
  public static Optional<String> uniqueId(View view, Arn principal) {
    return Identities.uniqueId(view, principal);
  }

  /**
   * What a role's policies could do without.
   *
   * @return empty where there is no such role
   */
  public Optional<Shrinking> shrinking(AccountId account, String role) {
    return Shrinking.of(state, serviceUses, account, role);
  }

  /** Takes credentials back at once. */
  public Revocations revocations() {
    return revocations;
  }

  /** Why a call was denied, in full: for whoever operates this machine, as it shows policies. */
  public Optional<String> explain(String authorizationId) {
    return denials.find(authorizationId);
  }

  /**
   * Forgets explanations of denials, and uses of services, that are older than they are told, and
   * exceptions of guardrails that are over.
   *
   * @return how many
   */
  public int tidy(AuditLog log, Instant now) {
    return guardrails.exceptions().map(e -> e.expire(log, now)).orElse(0)
        + denials.forget(now.minus(DENIALS))
        + serviceUses.forget(now.minus(LAST_USES));
  }

  public Guardrails guardrails() {
    return guardrails;
  }

  /**
   * Keeps when keys, roles, services and actions were last used, and forgets what is older of keys
   * and roles.
   *
   * @return how many were kept
   */
  public int keepLastUses(Instant now) {
    uses.forget(now.minus(LAST_USES));
    return uses.keep() + serviceUses.keep();
  }
}
