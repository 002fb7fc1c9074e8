// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.iam.model.AccessKey;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Grants;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.IamTables.Account;
import dev.holdfast.iam.model.Quota;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.SessionDocument;
import dev.holdfast.iam.model.Trust;
import dev.holdfast.iam.model.User;
import dev.holdfast.iam.plan.AwsPolicies;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Ids;
import dev.holdfast.service.Call;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import dev.holdfast.store.space.Urgency;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The accounts of this installation. What happens here needs no signature, only the machine. */
public final class Accounts {
  /** The user that a fresh account begins with. */
  public static final String ADMINISTRATOR = "administrator";

  /** The role of whoever operates this machine. */
  public static final String OPERATOR = "HoldfastOperator";

  /** The role of the agent of the host that the platform itself runs on. */
  public static final String HOST = "HoldfastHost";

  /** The session name of that host; those of others are their ids. */
  private static final String LOCAL = "local";

  private static final Duration HOST_SESSION = Duration.ofHours(2);

  private static final Duration OPERATOR_SESSION = Duration.ofHours(12);

  /** Trusts the platform alone: no policy of any account can hand this role out. */
  private static final String OPERATOR_TRUST =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
      "Principal":{"Service":"holdfast.internal"},"Action":"sts:AssumeRole"}]}\
      """;

  private final State state;
  private final Sessions sessions;
  private final RandomGenerator random;
  private final InstantSource clock;

  public Accounts(State state, Sessions sessions, RandomGenerator random, InstantSource clock) {
    this.state = state;
    this.sessions = sessions;
    this.random = random;
    this.clock = clock;
  }

  /** A fresh account and its administrator's key. */
  public record Created(AccountId account, Credentials credentials) {}

  /** Makes an empty account with an administrator, on the platform's own behalf. */
  public Created create() {
    return create(null, work -> state.own(Urgency.ORDINARY, work));
  }

  /**
   * Makes an account for the operator, in one commit with the call's audit event.
   *
   * @param alias its name, which no other account has, or null
   * @throws dev.holdfast.aws.ApiError EntityAlreadyExists where the alias is taken
   */
  public Created create(Call call, @Nullable String alias) {
    return create(alias, work -> state.commit(call, work));
  }

  private Created create(@Nullable String alias, Function<Function<Tx, Boolean>, Boolean> commit) {
    while (true) {
      AccountId id = AccountId.random(random);
      Instant now = clock.instant();
      var user =
          new User(
              ADMINISTRATOR,
              "/",
              Ids.base32(random, EntityKind.USER.idPrefix(), 17),
              now,
              Grants.attached(AwsPolicies.ADMINISTRATOR),
              List.of());
      AccessKey key = AccessKeys.draw(id, random, now).of(user.name(), user.id());
      boolean made =
          commit.apply(
              tx -> {
                if (tx.get(IamTables.ACCOUNTS, Table.PLATFORM, id) != null) {
                  return false;
                }
                Account fresh = Account.fresh(id, now);
                tx.put(
                    IamTables.ACCOUNTS,
                    Table.PLATFORM,
                    id,
                    alias == null ? fresh : AccountFacts.called(tx, fresh, alias));
                put(tx, id, user);
                tx.put(IamTables.ACCESS_KEYS, Table.PLATFORM, key.id(), key);
                return true;
              });
      if (made) {
        return new Created(id, new Credentials(key.id(), key.secret(), null));
      }
    }
  }

  private static void put(Tx tx, AccountId account, Entity entity) {
    tx.put(IamTables.ENTITIES, account, new Entity.Key(entity.kind(), entity.name()), entity);
  }

  public boolean exists(AccountId id) {
    return state.read(view -> view.get(IamTables.ACCOUNTS, Table.PLATFORM, id)) != null;
  }

  /** All accounts, by id. */
  public List<AccountId> all() {
    return state.read(Accounts::all);
  }

  /** All accounts of a state, by id. */
  public static List<AccountId> all(View view) {
    return view.list(IamTables.ACCOUNTS, Table.PLATFORM).stream().map(Account::id).toList();
  }

  /** All accounts as they are kept, by id. */
  public List<Account> listed() {
    return state.read(view -> view.list(IamTables.ACCOUNTS, Table.PLATFORM));
  }

  /** Removes an account with everything in it; false where there is none. */
  public boolean delete(AccountId id) {
    return state.own(
        Urgency.VITAL,
        tx -> {
          if (tx.get(IamTables.ACCOUNTS, Table.PLATFORM, id) == null) {
            return false;
          }
          for (AccessKey key :
              tx.byIndex(IamTables.ACCESS_KEYS, Table.PLATFORM, IamTables.OWNER, id.digits())) {
            tx.delete(IamTables.ACCESS_KEYS, Table.PLATFORM, key.id());
          }
          tx.deleteAccount(id);
          tx.delete(IamTables.ACCOUNTS, Table.PLATFORM, id);
          return true;
        });
  }

  /** Sees to it that the installation's own account and its operator role are there. */
  public void ensureLocal(AccountId id) {
    boolean there =
        state.read(
            view ->
                view.get(IamTables.ACCOUNTS, Table.PLATFORM, id) != null
                    && Directory.find(view, id, EntityKind.ROLE, OPERATOR).isPresent());
    if (there) {
      return; // signing in writes nothing, so no full disk locks the operator out
    }
    Instant now = clock.instant();
    String roleId = Ids.base32(random, EntityKind.ROLE.idPrefix(), 17);
    state.own(
        Urgency.VITAL,
        tx -> {
          if (tx.get(IamTables.ACCOUNTS, Table.PLATFORM, id) == null) {
            tx.put(IamTables.ACCOUNTS, Table.PLATFORM, id, Account.fresh(id, now));
          }
          if (Directory.find(tx, id, EntityKind.ROLE, OPERATOR).isEmpty()) {
            Quotas.addOwn(tx, id, Quota.ROLES);
            put(
                tx,
                id,
                new Role(
                    OPERATOR,
                    "/",
                    roleId,
                    now,
                    Grants.attached(AwsPolicies.ADMINISTRATOR),
                    new Trust(OPERATOR_TRUST, OPERATOR_TRUST, Map.of()),
                    new Role.Settings(
                        "whoever operates this installation on its own machine", 43_200)));
          }
          return id;
        });
  }

  /** A 12-hour session of the operator role; it outlives a restart of the platform. */
  public IssuedSession operator(AccountId id) {
    ensureLocal(id);
    return session(id, OPERATOR, "operator", OPERATOR_SESSION);
  }

  /**
   * A session of the local host's role, which may poll for tasks and report on them and nothing
   * else. The role lives in the platform's own account, where no signed call reaches it.
   */
  public IssuedSession host() {
    if (state.read(view -> hostRole(view, HOST).isEmpty())) {
      state.own(
          Urgency.VITAL,
          tx -> {
            makeHost(tx, HOST, "*", "the agent of the host that the platform runs on");
            return HOST;
          });
    }
    return session(Table.PLATFORM, HOST, LOCAL, HOST_SESSION);
  }

  /**
   * A session of a host that joined, named by its id.
   *
   * @return empty where it was removed
   */
  public Optional<IssuedSession> host(String id) {
    String arn = EntityKind.ROLE.arn(Table.PLATFORM, "/", roleOf(id)).toString();
    return sessions
        .role(arn)
        .map(
            role ->
                sessions.draw(
                    Sessions.Wanted.ofRole(role, id, HOST_SESSION, SessionDocument.EMPTY),
                    clock.instant()));
  }

  /** Makes the role of a host that joins, which is for this host alone. */
  public void joinHost(Tx tx, String id) {
    makeHost(tx, roleOf(id), id, "the agent of another machine");
  }

  /** Removes the role of a host, and with it every session that it has. */
  public static void removeHost(Tx tx, String id) {
    tx.delete(IamTables.ENTITIES, Table.PLATFORM, new Entity.Key(EntityKind.ROLE, roleOf(id)));
  }

  /**
   * What a host may do.
   *
   * @param hosts whose streams and reports; {@code *} for any, where the binding alone decides
   */
  private static String hostPolicy(String hosts) {
    return """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ecs:Poll",\
        "ecs:StartTelemetrySession","ecs:DiscoverPollEndpoint","ecs:Submit*"],\
        "Resource":"arn:aws:ecs:*:000000000000:host/%s"}]}\
        """
        .formatted(hosts);
  }

  private static String roleOf(String host) {
    return HOST + "-" + host;
  }

  private static Optional<Entity> hostRole(View view, String role) {
    return Directory.find(view, Table.PLATFORM, EntityKind.ROLE, role);
  }

  private void makeHost(Tx tx, String role, String hosts, String description) {
    if (hostRole(tx, role).isEmpty()) {
      put(
          tx,
          Table.PLATFORM,
          new Role(
              role,
              "/",
              Ids.base32(random, EntityKind.ROLE.idPrefix(), 17),
              clock.instant(),
              Grants.NONE.withInline("agent", hostPolicy(hosts)),
              new Trust(OPERATOR_TRUST, OPERATOR_TRUST, Map.of()),
              new Role.Settings(description, 43_200)));
    }
  }

  private IssuedSession session(AccountId id, String role, String name, Duration duration) {
    String arn = EntityKind.ROLE.arn(id, "/", role).toString();
    return sessions.draw(
        Sessions.Wanted.ofRole(
            sessions.role(arn).orElseThrow(), name, duration, SessionDocument.EMPTY),
        clock.instant());
  }
}
