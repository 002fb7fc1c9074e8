// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.agent.HostGrants;
import dev.holdfast.ecs.model.FoundParameter;
import dev.holdfast.ecs.model.FoundSecret;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.ImageReference;
import dev.holdfast.ecs.model.ParameterResolution;
import dev.holdfast.ecs.port.Clocks;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.port.Images;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.ecs.port.Parameters;
import dev.holdfast.ecs.port.Roles;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Access;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Endpoint;
import dev.holdfast.service.Guardrails;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Origin;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import dev.holdfast.service.RequestId;
import dev.holdfast.service.Seal;
import dev.holdfast.service.State;
import dev.holdfast.store.CountedStore;
import dev.holdfast.store.Database;
import dev.holdfast.store.Store;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import dev.holdfast.store.memory.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An ECS over memory, with neighbours that say what a test puts into them. */
final class Fixture {
  static final AccountId ACCOUNT = new AccountId("123456789012");
  static final Region REGION = new Region("eu-test-1");
  static final String ROLE = "arn:aws:iam::123456789012:role/exec";
  static final String DIGEST = "sha256:" + "1".repeat(64);
  static final String OTHER_DIGEST = "sha256:" + "2".repeat(64);

  /** What the audit was given, in order; a mutation's event may come more than once. */
  final List<AuditEvent> audited = new CopyOnWriteArrayList<>();

  private final AuditLog log =
      new AuditLog() {
        @Override
        public void stage(Tx tx, AccountId account, Region region, AuditEvent event) {
          audited.add(event);
        }

        @Override
        public void append(AccountId account, Region region, AuditEvent event) {
          audited.add(event);
        }
      };

  private static final Instant BEGAN = Instant.parse("2026-11-25T12:00:00Z");

  /** The true time: that of the monotonic and of the settled clock. */
  volatile Instant now = BEGAN;

  /** How far the wall clock is ahead of it. */
  volatile Duration leap = Duration.ZERO;

  /** How much of that the settled clock has taken. */
  volatile Duration taken = Duration.ZERO;

  final Map<String, String> tags = new ConcurrentHashMap<>(Map.of("shop/web:1", DIGEST));
  final Map<String, FoundParameter> parameters = new LinkedHashMap<>();

  /** By ARN, stage and version, with bars between. */
  final Map<String, FoundSecret> secrets = new LinkedHashMap<>();

  final Map<String, Roles.Role> roles = new LinkedHashMap<>();
  final List<Roles.Wanted> opened = new CopyOnWriteArrayList<>();
  final List<String> ended = new CopyOnWriteArrayList<>();

  /** The sessions that count; a commit that is tried again keeps them again. */
  final Set<String> kept = ConcurrentHashMap.newKeySet();

  /** Streams add to it from their own threads. */
  final List<Demand> demands = new CopyOnWriteArrayList<>();

  /** What the local host's agent says that its owner allows. */
  Set<String> grants = Set.of(HostGrants.SHARED);

  /** Where other machines reach the platform; each call here comes from another one. */
  List<String> outward = List.of();

  final CountedStore store = new CountedStore(new MemoryStore());
  final State state;
  final Roles fakeRoles = new FakeRoles();
  final EcsDependencies deps;
  final Ecs ecs;
  @Nullable CallRecord lastRecord;

  Fixture() {
    this(Profile.STANDARD);
  }

  Fixture(Profile profile) {
    this(profile, Database::new);
  }

  /** As the shorter one, whose rows are read as a test wants it. */
  Fixture(Profile profile, Function<Store, Database> database) {
    state = new State(database.apply(store));
    role(ROLE, Map.of());
    deps =
        new EcsDependencies(
            state,
            (_, access) -> demands.addAll(access.demands()),
            Guardrails.open(profile, state, () -> now),
            new PageTokens(new Seal(new byte[32], new SecureRandom())),
            new EcsDependencies.Neighbours(
                new FakeImages(),
                new FakeParameters(),
                this::secret,
                fakeRoles,
                new LocalHost("box", "X86_64", 2048, 4096, List.of(4566), List.of())),
            () -> new Endpoint("http", "127.0.0.1:4566"),
            new SecureRandom(),
            new Clocks(
                () -> now.plus(leap),
                () -> now.plus(taken),
                () -> Duration.between(BEGAN, now).toNanos()),
            () -> outward);
    ecs = Ecs.create(deps);
  }

  /** Counts the local agent as connected. */
  void connect() {
    if (ecs.connections()
        .open(Connections.LOCAL_HOST, new Connections.Peer("test", "test", grants))
        .isEmpty()) {
      throw new AssertionError("the local host is connected already");
    }
  }

  void role(String arn, Map<String, String> roleTags) {
    roles.put(arn, new Roles.Role(Arn.parse(arn).orElseThrow(), roleTags, true));
  }

  void parameter(String name, long version, @Nullable String environment) {
    parameters.put(name, new FoundParameter(name, version, environment));
  }

  private Optional<FoundSecret> secret(
      View view,
      AccountId account,
      Region region,
      String arn,
      @Nullable String stage,
      @Nullable String version) {
    return Optional.ofNullable(secrets.get(arn + "|" + stage + "|" + version));
  }

  static Principal user() {
    return principal(ACCOUNT, "AIDAUSER", "AKIAUSER");
  }

  /** A user that belongs to an environment. */
  static Principal userOf(String environment) {
    Principal user = user();
    return new Principal(
        user.identity(), user.accessKeyId(), Map.of(Principal.ENVIRONMENT, environment), null);
  }

  static Principal host() {
    return session(Table.PLATFORM, "AROAHOST", Host.LOCAL, Map.of());
  }

  /** A session of a role; its key is another each time. */
  static Principal session(String roleId, String name, Map<String, String> tags) {
    return session(ACCOUNT, roleId, name, tags);
  }

  private static Principal session(
      AccountId account, String roleId, String name, Map<String, String> tags) {
    var identity =
        new Principal.Identity(
            Principal.Kind.ROLE, account, roleId, "box", Arn.global("iam", account, "role/box"));
    Instant issued = Instant.parse("2026-11-25T12:00:00Z");
    var session =
        new Principal.Session(
            "s-" + name,
            name,
            issued,
            issued.plus(Duration.ofHours(1)),
            null,
            null,
            tags,
            null,
            false);
    return new Principal(identity, "ASIA" + name, tags, session);
  }

  static Principal principal(AccountId account, String id, String key) {
    var identity =
        new Principal.Identity(
            Principal.Kind.USER,
            account,
            id,
            "someone",
            Arn.global("iam", account, "user/someone"));
    return new Principal(identity, key, Map.of(), null);
  }

  Call call(Principal principal, String name) {
    var record = new CallRecord(log, "event", "ecs.amazonaws.com", name);
    lastRecord = record;
    return new Call(
        new RequestId("request"),
        principal,
        REGION,
        now.plus(leap),
        new Origin("203.0.113.9", "test", true),
        List.of(),
        record);
  }

  /** An operation as the door runs it, with its input as JSON. */
  <O extends Shape> O call(Principal principal, String name, String json, Class<O> output) {
    for (Operation<?, ?> operation : ecs.service().operations()) {
      if (operation.model().name().equals(name)) {
        return output.cast(run(operation, principal, json));
      }
    }
    throw new AssertionError("no operation " + name);
  }

  <O extends Shape> O call(String name, String json, Class<O> output) {
    return call(user(), name, json, output);
  }

  /** What happens once between the next call's decision and its handling. */
  Runnable between = () -> {};

  private <I extends Shape, O extends Shape> O run(
      Operation<I, O> operation, Principal principal, String json) {
    I in =
        operation
            .model()
            .inputOf(
                JsonCodec.read(operation.model().input(), json.getBytes(StandardCharsets.UTF_8)));
    Call call = call(principal, operation.model().name());
    Access access = operation.access(call, in);
    demands.clear();
    demands.addAll(access.demands());
    demands.forEach(demand -> call.record().touched(demand.resource()));
    Runnable once = between;
    between = () -> {};
    once.run();
    return operation.handle(call, in);
  }

  private final class FakeImages implements Images {
    @Override
    public ImageReference parse(String image, AccountId caller, Region region) {
      if (!image.startsWith("127.0.0.1:4566/")) {
        return new ImageReference.Foreign(image);
      }
      String rest = image.substring("127.0.0.1:4566/".length());
      AccountId owner = caller;
      if (rest.matches("[0-9]{12}/.*")) {
        owner = new AccountId(rest.substring(0, 12));
        rest = rest.substring(13);
      }
      int colon = rest.indexOf(':');
      return new ImageReference.Own(
          owner, region, rest.substring(0, colon), rest.substring(colon + 1), null);
    }

    @Override
    public Optional<String> resolve(View view, ImageReference.Own image) {
      return image.digest() != null
          ? Optional.of(image.digest())
          : Optional.ofNullable(tags.get(image.repository() + ":" + image.tag()));
    }

    @Override
    public String pull(ImageReference.Own image, String digest) {
      return "127.0.0.1:4566/" + image.account() + "/" + image.repository() + "@" + digest;
    }
  }

  private final class FakeParameters implements Parameters {
    @Override
    public ParameterResolution resolve(
        View view,
        AccountId account,
        Region region,
        String valueFrom,
        @Nullable String environment) {
      if (!valueFrom.contains("*")) {
        FoundParameter one = parameters.get(valueFrom);
        return one == null
            ? new ParameterResolution.None("nothing")
            : new ParameterResolution.Exact(one);
      }
      String pattern = valueFrom.replace("*", "[^/]*");
      List<FoundParameter> found =
          parameters.values().stream()
              .filter(p -> p.name().matches(pattern))
              .filter(p -> environment != null && environment.equals(p.environment()))
              .toList();
      return switch (found.size()) {
        case 0 -> new ParameterResolution.None("found: " + parameters.keySet());
        case 1 -> new ParameterResolution.Exact(found.getFirst());
        default ->
            new ParameterResolution.Several(found.stream().map(FoundParameter::name).toList());
      };
    }
  }

  private final class FakeRoles implements Roles {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public Optional<Role> find(View view, Arn role, Arn source) {
      return Optional.ofNullable(roles.get(role.toString()));
    }

    @Override
    public Optional<Drawn> draw(Wanted wanted, Arn source, Instant at) {
      opened.add(wanted);
      String id = "session-" + count.incrementAndGet();
      var session = new Session(id, "ASIA" + id, "secret", "token", at.plus(Duration.ofHours(6)));
      return Optional.of(new Drawn(session, _ -> kept.add(id)));
    }

    @Override
    public void end(Tx tx, Arn role, Collection<String> sessionIds, Instant at) {
      ended.addAll(sessionIds);
    }
  }
}
