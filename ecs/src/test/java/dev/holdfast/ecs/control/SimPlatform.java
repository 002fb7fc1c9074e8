// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.ecs.SubmitTaskStateChangeRequest;
import dev.holdfast.ecs.Ecs;
import dev.holdfast.ecs.EcsInside;
import dev.holdfast.ecs.model.FoundParameter;
import dev.holdfast.ecs.model.ImageReference;
import dev.holdfast.ecs.model.ParameterResolution;
import dev.holdfast.ecs.port.Clocks;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.port.Images;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.ecs.port.Roles;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.Past;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.ecs.state.Usage;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
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
import dev.holdfast.store.Changes;
import dev.holdfast.store.Database;
import dev.holdfast.store.Store;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/** The real ECS over a store in memory, with a clock that a simulation sets. */
final class SimPlatform implements AutoCloseable {
  static final AccountId ACCOUNT = new AccountId("123456789012");
  static final Region REGION = new Region("eu-test-1");
  static final String CLUSTER = "fleet";
  static final String ROLE = "arn:aws:iam::123456789012:role/exec";
  private static final String DIGEST = "sha256:" + "1".repeat(64);
  private static final int MOST_TURNS = 200;

  private static final AuditLog SILENT =
      new AuditLog() {
        @Override
        public void stage(Tx tx, AccountId account, Region region, AuditEvent event) {}

        @Override
        public void append(AccountId account, Region region, AuditEvent event) {}
      };

  private static final Instant BEGAN = Instant.parse("2026-11-26T00:00:00Z");

  Instant now = BEGAN;

  /** The versions of parameters by name. */
  final Map<String, Long> parameters = new HashMap<>();

  final State state;
  final Roles roles = new SimRoles();
  final Images images = new SimImages();
  final Tasks tasks = new Tasks(roles);
  private final EcsDependencies deps;
  private Ecs ecs;
  private Housekeeping housekeeping;
  private int rounds;
  private Changes changes;
  private Map<String, Operation<?, ?>> operations;

  SimPlatform(Store store, SplittableRandom random) {
    state = new State(new Database(store));
    var seeded = new Seeded(random.split());
    deps =
        new EcsDependencies(
            state,
            (_, _) -> {},
            new Guardrails(Profile.STANDARD),
            new PageTokens(new Seal(new byte[32], seeded)),
            new EcsDependencies.Neighbours(
                images,
                (_, _, _, valueFrom, _) -> parameter(valueFrom),
                (_, _, _, _, _, _) -> Optional.empty(),
                roles,
                new LocalHost("box", "X86_64", 1024, 1024, List.of(), List.of())),
            () -> new Endpoint("http", "127.0.0.1:4566"),
            seeded,
            new Clocks(() -> now, () -> now, this::nanos));
    ecs = Ecs.create(deps);
    changes = ecs(ecs);
    operations = operations(ecs);
    housekeeping = new Housekeeping(state, tasks);
  }

  private Changes ecs(Ecs fresh) {
    return EcsInside.controllers(fresh).services().watch(state.read(View::revision));
  }

  private static Map<String, Operation<?, ?>> operations(Ecs ecs) {
    var all = new HashMap<String, Operation<?, ?>>();
    ecs.service().operations().forEach(o -> all.put(o.model().name(), o));
    return all;
  }

  private long nanos() {
    return Duration.between(BEGAN, now).toNanos();
  }

  /** Another process over the same rows: no agent is connected, and nothing is remembered. */
  void restart() {
    close();
    ecs = Ecs.create(deps);
    changes = ecs(ecs);
    operations = operations(ecs);
    housekeeping = new Housekeeping(state, tasks);
  }

  Connections connections() {
    return EcsInside.connections(ecs);
  }

  InstanceScript.Tools tools() {
    return new InstanceScript.Tools(
        state, tasks, new TaskSessions(roles, images), new Usage(), () -> now);
  }

  Outbox outbox(dev.holdfast.http.WebSocketConnection socket) {
    return new Outbox(socket, this::nanos, deps.random());
  }

  /** The loop of services turns until it has nothing to do now. */
  void turn() {
    ServiceLoop loop = EcsInside.controllers(ecs).services();
    for (int i = 0; loop.turn(changes, Duration.ZERO); i++) {
      if (i > MOST_TURNS) {
        throw new AssertionError("the services never come to rest");
      }
    }
  }

  void keepHouse() {
    housekeeping.sweep(now);
    ecs.journal().drain();
    if (rounds++ % 30 == 0) {
      Past.prune(state, now);
      ecs.journal().prune(now);
    }
  }

  static Principal principal(String id) {
    var identity =
        new Principal.Identity(
            Principal.Kind.USER,
            ACCOUNT,
            "AIDA" + id,
            id,
            Arn.global("iam", ACCOUNT, "user/" + id));
    return new Principal(identity, "AKIA" + id, Map.of(), null);
  }

  /** An operation as the operator calls it. */
  <O extends Shape> O call(String name, String json, Class<O> output) {
    return call(principal("OPERATOR"), name, json, output);
  }

  <O extends Shape> O call(Principal by, String name, String json, Class<O> output) {
    Operation<?, ?> operation = operations.get(name);
    if (operation == null) {
      throw new AssertionError("no operation " + name);
    }
    return output.cast(run(operation, by, json));
  }

  private <I extends Shape, O extends Shape> O run(
      Operation<I, O> operation, Principal by, String json) {
    I in =
        operation
            .model()
            .inputOf(
                JsonCodec.read(operation.model().input(), json.getBytes(StandardCharsets.UTF_8)));
    return handle(operation, by, in);
  }

  private <I extends Shape, O extends Shape> O handle(
      Operation<I, O> operation, Principal by, I in) {
    String name = operation.model().name();
    var record = new CallRecord(SILENT, "event", "ecs.amazonaws.com", name);
    var call =
        new Call(
            new RequestId("request"),
            by,
            REGION,
            now,
            new Origin("203.0.113.9", "sim", true),
            List.of(),
            record);
    operation.access(call, in).demands().forEach(d -> record.touched(d.resource()));
    return operation.handle(call, in);
  }

  /** An agent's report. */
  @SuppressWarnings("unchecked") // the operation of this name takes this request
  void submit(Principal agent, SubmitTaskStateChangeRequest report) {
    var operation =
        (Operation<SubmitTaskStateChangeRequest, ?>)
            Objects.requireNonNull(operations.get("SubmitTaskStateChange"));
    var _ = handle(operation, agent, report);
  }

  @Override
  public void close() {
    changes.close();
    ecs.close();
  }

  private ParameterResolution parameter(String name) {
    Long version = parameters.get(name);
    return version == null
        ? new ParameterResolution.None("nothing")
        : new ParameterResolution.Exact(new FoundParameter(name, version, null));
  }

  /** Ids that are the same in each run of a seed. */
  private static final class Seeded extends SecureRandom {
    private static final long serialVersionUID = 1;
    private final transient SplittableRandom random;

    Seeded(SplittableRandom random) {
      super(null, null);
      this.random = random;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      random.nextBytes(bytes);
    }
  }

  static final class SimImages implements Images {
    @Override
    public ImageReference parse(String image, AccountId caller, Region region) {
      return new ImageReference.Own(caller, region, "shop/web", "1", null);
    }

    @Override
    public Optional<String> resolve(View view, ImageReference.Own image) {
      return Optional.of(DIGEST);
    }

    @Override
    public String pull(ImageReference.Own image, String digest) {
      return "127.0.0.1:4566/shop/web@" + digest;
    }
  }

  private static final class SimRoles implements Roles {
    private long count;

    @Override
    public Optional<Role> find(View view, Arn role, Arn source) {
      return Optional.of(new Role(role, Map.of(), true));
    }

    @Override
    public Optional<Drawn> draw(Wanted wanted, Arn source, Instant at) {
      String id = "session-" + ++count;
      var session = new Session(id, "ASIA", "secret", "token", at.plus(wanted.life()));
      return Optional.of(new Drawn(session, _ -> {}));
    }

    @Override
    public void end(Tx tx, Arn role, Collection<String> sessionIds, Instant at) {}
  }
}
