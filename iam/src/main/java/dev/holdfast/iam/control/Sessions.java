// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignatureFault;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.IamTables.KeptDocument;
import dev.holdfast.iam.model.Revocation;
import dev.holdfast.iam.model.Revoked;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.RoleFacts;
import dev.holdfast.iam.model.SessionDocument;
import dev.holdfast.iam.model.SessionFacts;
import dev.holdfast.iam.model.SessionFacts.Owner;
import dev.holdfast.iam.plan.SessionTokens;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Ids;
import dev.holdfast.service.Principal;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import dev.holdfast.store.space.Urgency;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Issues temporary credentials, and takes them back. */
public final class Sessions {
  /** The session tag that marks a task's session; its value is the task's ARN. */
  public static final String TASK_TAG = "holdfast:task";

  /** The longest session there is: that of a user's own session token. */
  public static final Duration LONGEST = Revoked.LONGEST;

  private final State state;
  private final PolicySets sets;
  private final SessionTokens tokens;
  private final RandomGenerator random;
  private final InstantSource clock;

  public Sessions(
      State state,
      PolicySets sets,
      SessionTokens tokens,
      RandomGenerator random,
      InstantSource clock) {
    this.state = state;
    this.sets = sets;
    this.tokens = tokens;
    this.random = random;
    this.clock = clock;
  }

  /**
   * A session to be.
   *
   * @param name the role session name; empty for a user's own session
   * @param chained whether a role session asks
   */
  public record Wanted(
      Owner owner,
      String name,
      Duration duration,
      @Nullable Instant mfaAt,
      @Nullable String sourceIdentity,
      SessionDocument document,
      boolean chained) {

    /** A first session of a role, in no chain. */
    public static Wanted ofRole(
        RoleFacts role, String name, Duration duration, SessionDocument document) {
      return new Wanted(owner(role), name, duration, null, null, document, false);
    }

    public static Owner owner(RoleFacts role) {
      return new Owner(Principal.Kind.ROLE, role.account(), role.id(), role.name());
    }
  }

  /** Draws a session. It counts once its document is kept ({@link #keep}). */
  public IssuedSession draw(Wanted wanted, Instant now) {
    return draw(wanted, Ids.hex(random, 16), now);
  }

  /** Draws a session of a user, which ends with the long-term key that asks for it. */
  public IssuedSession drawBy(String accessKeyId, Wanted wanted, Instant now) {
    return draw(wanted, Revoked.family(accessKeyId) + Ids.hex(random, 8), now);
  }

  /**
   * Draws a session of a role for a caller of the platform: it descends from the long-term key that
   * the caller's own credentials descend from, or from the session that began the chain.
   */
  public IssuedSession drawFor(Principal caller, Wanted wanted, Instant now) {
    return draw(wanted, Revoked.family(caller) + Ids.hex(random, 8), now);
  }

  private IssuedSession draw(Wanted wanted, String id, Instant now) {
    String accessKeyId = Ids.base32(random, "ASIA", 16);
    Instant issued = now.truncatedTo(ChronoUnit.SECONDS);
    SessionDocument document = wanted.document();
    var facts =
        new SessionFacts(
            id,
            wanted.owner(),
            wanted.name(),
            issued,
            issued.plus(wanted.duration()),
            wanted.mfaAt(),
            wanted.sourceIdentity(),
            document.isEmpty() ? null : document.hash(),
            wanted.chained());
    var credentials =
        new Credentials(accessKeyId, tokens.secret(accessKeyId), tokens.token(accessKeyId, facts));
    return new IssuedSession(facts, document, credentials);
  }

  /** Keeps what a drawn session's token only names by its hash. */
  public static void keep(Tx tx, IssuedSession session) {
    String hash = session.facts().document();
    if (hash == null) {
      return;
    }
    AccountId account = session.facts().owner().account();
    KeptDocument kept = tx.get(IamTables.SESSION_DOCUMENTS, account, hash);
    if (kept == null || kept.until().isBefore(session.expires())) {
      tx.put(
          IamTables.SESSION_DOCUMENTS,
          account,
          hash,
          new KeptDocument(session.document(), session.expires()));
    }
  }

  /**
   * What a service asks for when it acts in a role that was passed to it.
   *
   * @param service such as {@code ecs-tasks.amazonaws.com}
   * @param tags session tags; {@code environment} and {@link #TASK_TAG} stay for the whole chain
   * @param policy an inline session policy, or null
   * @param sourceArn the resource the service acts for ({@code aws:SourceArn}); its account is
   *     {@code aws:SourceAccount}
   */
  public record ForService(
      String roleArn,
      String service,
      String sessionName,
      Map<String, String> tags,
      @Nullable String policy,
      Duration duration,
      Arn sourceArn) {
    public ForService {
      tags = Map.copyOf(tags);
    }
  }

  /**
   * Draws a session of a role for a service, where the role trusts it. It counts once its document
   * is kept ({@link #keep}), for one in the commit that says whose it is.
   *
   * @throws ApiError AccessDenied, in words that say what to change
   */
  public IssuedSession drawForService(ForService wanted) {
    RoleFacts facts = state.read(view -> trusting(view, wanted));
    List<String> transitive =
        Stream.of(Principal.ENVIRONMENT, TASK_TAG).filter(wanted.tags()::containsKey).toList();
    var document = new SessionDocument(wanted.policy(), List.of(), wanted.tags(), transitive, null);
    return draw(
        Wanted.ofRole(facts, wanted.sessionName(), wanted.duration(), document), clock.instant());
  }

  /** As {@link #drawForService}; the session counts when this returns. */
  public IssuedSession issueForService(ForService wanted) {
    IssuedSession session = drawForService(wanted);
    if (session.facts().document() != null) {
      state.own(
          Urgency.VITAL,
          tx -> {
            keep(tx, session);
            return session.id();
          });
    }
    return session;
  }

  private RoleFacts trusting(View view, ForService wanted) {
    RoleFacts facts = role(view, wanted.roleArn()).orElse(null);
    if (facts == null) {
      throw denied("the role `" + wanted.roleArn() + "` does not exist");
    }
    if (!trusts(view, wanted.roleArn(), wanted.service(), wanted.sourceArn())) {
      throw denied(
          "`%s` may not assume the role `%s`: its trust policy has to allow sts:AssumeRole to that service"
              .formatted(wanted.service(), wanted.roleArn()));
    }
    String environment = wanted.tags().get(Principal.ENVIRONMENT);
    if (facts.environment() != null
        && environment != null
        && !facts.environment().equals(environment)) {
      throw denied(
          "the role `%s` belongs to the environment `%s` and may not be assumed for `%s`"
              .formatted(wanted.roleArn(), facts.environment(), environment));
    }
    return facts;
  }

  /**
   * Whether a role's trust policy lets a service assume it on behalf of a resource; false where
   * there is no such role.
   */
  public boolean trusts(View view, String roleArn, String service, Arn source) {
    Role role = Directory.roleByArn(view, roleArn).orElse(null);
    return role != null
        && Trusts.admit(sets.trust(role), roleArn, service, source, clock.instant());
  }

  private static ApiError denied(String text) {
    return new ApiError(CommonError.ACCESS_DENIED.in(Protocol.JSON), text);
  }

  /** The role that an ARN names, in whatever account. */
  public Optional<RoleFacts> role(String arn) {
    return state.read(view -> role(view, arn));
  }

  /** The role that an ARN names, as of a view. */
  public static Optional<RoleFacts> role(View view, String arn) {
    return Directory.roleByArn(view, arn)
        .map(
            role -> {
              var account = new AccountId(Arn.parse(arn).orElseThrow().account());
              return new RoleFacts(
                  account, arn, role.name(), role.id(), Tags.of(view, account, arn));
            });
  }

  /** Ends one session before its time. */
  public void end(IssuedSession session) {
    end(session.facts().owner().account(), session.id());
  }

  public void end(AccountId account, String sessionId) {
    Instant now = clock.instant();
    state.own(
        Urgency.VITAL,
        tx -> {
          end(tx, account, sessionId, now);
          return sessionId;
        });
  }

  /** Ends one session within another transaction. */
  public static void end(Tx tx, AccountId account, String sessionId, Instant now) {
    Revoked.session(tx, account, sessionId, now);
  }

  /** Forgets what was revoked by name and no live session can have. */
  public void sweep(Instant now) {
    sweep(Table.PLATFORM, now);
  }

  /** Forgets documents and revocations that no live session can need. */
  public void sweep(AccountId account, Instant now) {
    state.own(
        Urgency.VITAL,
        tx -> {
          for (KeptDocument kept : tx.list(IamTables.SESSION_DOCUMENTS, account)) {
            if (kept.until().isBefore(now)) {
              tx.delete(IamTables.SESSION_DOCUMENTS, account, kept.document().hash());
            }
          }
          for (Revocation revoked : tx.list(IamTables.REVOCATIONS, account)) {
            if (revoked.until().isBefore(now)) {
              tx.delete(IamTables.REVOCATIONS, account, revoked.of());
            }
          }
          return now;
        });
  }

  /**
   * The principal of a session token, or null where the token is not ours, was revoked, or belongs
   * to a user or role that is gone.
   *
   * @throws SignatureFault where the session has ended
   */
  @Nullable Principal principal(View view, String accessKeyId, SessionFacts facts, Instant now) {
    if (!now.isBefore(facts.expires())
        || facts.issued().isAfter(now.plus(Revoked.AHEAD))
        || Revoked.holds(
            view, facts.owner(), accessKeyId, facts.name(), facts.id(), facts.issued())) {
      throw SignatureFault.expired();
    }
    Owner owner = facts.owner();
    Principal.Identity identity = Identities.of(view, owner).orElse(null);
    SessionDocument document = document(view, facts);
    if (identity == null || document == null) {
      return null;
    }
    Map<String, String> tags =
        Identities.overlay(Tags.of(view, owner.account(), identity.arn()), document.tags());
    var transitive = new LinkedHashMap<>(tags);
    transitive.keySet().retainAll(document.transitive());
    var session =
        new Principal.Session(
            facts.id(),
            facts.name(),
            facts.issued(),
            facts.expires(),
            facts.mfaAt(),
            facts.sourceIdentity(),
            transitive,
            document.policy(),
            facts.chained(),
            document.policyArns(),
            document.federation() == null ? Map.of() : document.federation().keys(),
            document.tags());
    return new Principal(identity, accessKeyId, tags, session);
  }

  /** The facts of a session token that was made here for this key. */
  Optional<SessionFacts> open(String accessKeyId, String token) {
    return tokens.open(accessKeyId, token);
  }

  String secret(String accessKeyId) {
    return tokens.secret(accessKeyId);
  }

  /**
   * The principal of a session that was proved earlier, as it is now; empty where the session is
   * over or revoked, or its user or role is gone. The session's own tags stay what they were, those
   * of its user or role are today's.
   */
  Optional<Principal> current(View view, Principal earlier, Instant now) {
    Principal.Identity identity = earlier.identity();
    Principal.Session session = earlier.session();
    var owner =
        new Owner(identity.kind(), identity.account(), identity.uniqueId(), identity.name());
    if (session == null
        || !now.isBefore(session.expires())
        || session.issued().isAfter(now.plus(Revoked.AHEAD))
        || Revoked.holds(
            view, owner, earlier.accessKeyId(), session.name(), session.id(), session.issued())) {
      return Optional.empty();
    }
    return Identities.of(view, owner)
        .map(
            today ->
                new Principal(
                    today,
                    earlier.accessKeyId(),
                    Identities.overlay(Tags.of(view, owner.account(), today.arn()), session.tags()),
                    session));
  }

  private static @Nullable SessionDocument document(View view, SessionFacts facts) {
    if (facts.document() == null) {
      return SessionDocument.EMPTY;
    }
    KeptDocument kept =
        view.get(IamTables.SESSION_DOCUMENTS, facts.owner().account(), facts.document());
    return kept == null ? null : kept.document();
  }
}
