// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry;

import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.ecr.CreateRepositoryRequest;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.GetAuthorizationTokenRequest;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.HttpServer;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.service.Access;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Endpoint;
import dev.holdfast.service.Guard;
import dev.holdfast.service.Guardrails;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Origin;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import dev.holdfast.service.RequestId;
import dev.holdfast.service.Seal;
import dev.holdfast.service.State;
import dev.holdfast.service.Workload;
import dev.holdfast.store.Database;
import dev.holdfast.store.Tx;
import dev.holdfast.store.memory.MemoryStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A registry on a real port, over a memory store, with a guard and principals that tests turn. */
public final class RegistryHarbor implements AutoCloseable {
  public static final AccountId ACCOUNT = new AccountId("123456789012");
  public static final AccountId OTHER = new AccountId("210987654321");
  public static final Region REGION = new Region("us-east-1");

  private final Clock clock = new Clock();
  private final Set<String> denied = ConcurrentHashMap.newKeySet();
  private final Set<String> revoked = ConcurrentHashMap.newKeySet();
  private final Queue<AuditEvent> events = new ConcurrentLinkedQueue<>();
  private final State state = new State(new Database(new MemoryStore()));
  private final Log log = new Log();
  private final SecureRandom random = new SecureRandom();
  private final Registry registry;
  private final HttpServer server;

  public RegistryHarbor(BlobStore blobs, Profile profile, int port) throws IOException {
    var seal = new Seal(new byte[32], random);
    registry =
        Registry.create(
            new Registry.Dependencies(
                state,
                blobs,
                (remembered, _) ->
                    revoked.contains(remembered.accessKeyId())
                        ? Optional.empty()
                        : Optional.of(remembered),
                (_, arn) -> Optional.of(arn.toString()),
                guard(),
                new Guardrails(profile),
                log,
                seal,
                new PageTokens(seal),
                this::endpoint,
                random,
                clock::now,
                Workload.of(2, 256L << 20)));
    server =
        HttpServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), this::route);
  }

  private void route(Exchange exchange) throws IOException {
    if (exchange.rawPath().startsWith("/v2")) {
      registry.routes().getFirst().handler().handle(exchange);
    } else {
      exchange.respond(404, List.of(), new byte[0]);
    }
  }

  private Endpoint endpoint() {
    return new Endpoint("http", authority());
  }

  public String authority() {
    return "127.0.0.1:" + server.address().getPort();
  }

  /** Denies what is in {@code denied}, as an action or as action and ARN, and other accounts. */
  private Guard guard() {
    return (Call call, Access access) -> {
      for (Demand demand : access.demands()) {
        boolean foreign = demand.owner() != null && !demand.owner().equals(call.account());
        if (foreign
            || denied.contains(demand.action())
            || denied.contains(demand.action() + " " + demand.resource())) {
          throw CommonError.ACCESS_DENIED
              .in(Protocol.JSON)
              .because(
                  "User: %s is not authorized to perform: %s on resource: %s",
                  call.principal().arn(), demand.action(), demand.resource());
        }
      }
    };
  }

  public void deny(String... actions) {
    denied.addAll(List.of(actions));
  }

  public void revoke(String accessKeyId) {
    revoked.add(accessKeyId);
  }

  public void advance(Duration time) {
    clock.now = clock.now.plus(time);
  }

  public List<String> damage() {
    return registry.damage();
  }

  public List<AuditEvent> events() {
    return List.copyOf(events);
  }

  public State state() {
    return state;
  }

  public Registry registry() {
    return registry;
  }

  public static Principal user(AccountId account, String key) {
    return new Principal(
        new Principal.Identity(
            Principal.Kind.USER,
            account,
            "AIDA" + key,
            "mate",
            Arn.global("iam", account, "user/mate")),
        key,
        Map.of(),
        null);
  }

  public static Principal role(AccountId account, String key, Instant expires) {
    return new Principal(
        new Principal.Identity(
            Principal.Kind.ROLE,
            account,
            "AROA" + key,
            "crew",
            Arn.global("iam", account, "role/crew")),
        key,
        Map.of("environment", "dev"),
        new Principal.Session(
            "s1", "watch", expires.minusSeconds(3600), expires, null, null, Map.of(), null, false));
  }

  /** Runs an operation as the door does: decide, then handle. */
  @SuppressWarnings("unchecked")
  public <I extends Shape, O extends Shape> O run(
      Principal principal, OperationModel<I, O> model, I in) {
    Operation<I, O> operation =
        (Operation<I, O>)
            registry.service().operations().stream()
                .filter(o -> o.model().equals(model))
                .findFirst()
                .orElseThrow();
    var call =
        new Call(
            new RequestId("r"),
            principal,
            REGION,
            clock.now(),
            new Origin("127.0.0.1", "test", true),
            List.of(),
            new CallRecord(log, "e", "ecr.amazonaws.com", model.name()));
    guard().require(call, operation.access(call, in));
    O out = operation.handle(call, in);
    call.record().end(call, null);
    return out;
  }

  public <I extends Shape, O extends Shape> O run(OperationModel<I, O> model, I in) {
    return run(user(ACCOUNT, "AKIA1"), model, in);
  }

  public void repository(String name) {
    run(EcrModel.CREATE_REPOSITORY, CreateRepositoryRequest.builder().repositoryName(name).build());
  }

  public Instant now() {
    return clock.now();
  }

  @Override
  public void close() {
    server.close();
    registry.close();
  }

  private static final class Clock {
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    Instant now() {
      return now;
    }
  }

  private final class Log implements AuditLog {
    @Override
    public void stage(Tx tx, AccountId account, Region region, AuditEvent event) {
      events.add(event);
    }

    @Override
    public void append(AccountId account, Region region, AuditEvent event) {
      events.add(event);
    }
  }

  /** The header that {@code docker} sends after a login. */
  public String authorization() {
    return basic(user(ACCOUNT, "AKIA1"));
  }

  public String basic(Principal principal) {
    return "Basic "
        + run(
                principal,
                EcrModel.GET_AUTHORIZATION_TOKEN,
                GetAuthorizationTokenRequest.builder().build())
            .authorizationData()
            .getFirst()
            .authorizationToken();
  }
}
