// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.Malformed;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.QueryCodec;
import dev.holdfast.aws.ServiceModel;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.Violations;
import dev.holdfast.aws.sigv4.Authorization;
import dev.holdfast.aws.sigv4.SignatureFault;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.http.Exchange;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Access;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.BodyRoom;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Guard;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Principal;
import dev.holdfast.service.RequestId;
import dev.holdfast.service.Shares;
import dev.holdfast.service.UnsignedOperation;
import dev.holdfast.service.Workload;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * AWS calls, step by step: authenticate, decode, ask what is touched, decide, handle, audit. There
 * is no other way to an operation.
 */
public final class AwsCalls {
  /** The largest body of any operation that is served: RegisterTaskDefinition's, with room. */
  private static final int MAX_BODY = 2 * 1024 * 1024;

  /** Input of more bytes is not written into the audit, as by CloudTrail; that it was is. */
  private static final int MOST_RECORDED = 100 * 1024;

  private static final System.Logger LOG = System.getLogger("gateway");

  /** Proves who signed a request. */
  public interface Authenticator {
    /** Throws {@link SignatureFault} where nobody provably did. */
    Principal authenticate(
        Authorization auth, SignedRequest request, byte[] body, List<String> services, Instant now);
  }

  private final Catalog catalog;
  private final Authenticator authenticator;
  private final Guard guard;
  private final AuditLog audit;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Workload workload;

  public AwsCalls(
      Catalog catalog,
      Authenticator authenticator,
      Guard guard,
      AuditLog audit,
      InstantSource clock,
      RandomGenerator random,
      Workload workload) {
    this.catalog = catalog;
    this.authenticator = authenticator;
    this.guard = guard;
    this.audit = audit;
    this.clock = clock;
    this.random = random;
    this.workload = workload;
  }

  /** What a request asks for, before it is known who asks. */
  private record Wanted(ServiceModel service, String operation, Map<String, String> form) {}

  /**
   * A request with what it says of its signature, read once; {@code fault} where it says nothing.
   */
  private record Claim(
      SignedRequest request, @Nullable Authorization auth, @Nullable SignatureFault fault) {
    static Claim of(SignedRequest request) {
      try {
        return new Claim(request, Authorization.of(request), null);
      } catch (SignatureFault e) {
        return new Claim(request, null, e);
      }
    }

    Authorization required() {
      if (auth == null) {
        throw fault == null ? new IllegalStateException("a claim says something") : fault;
      }
      return auth;
    }
  }

  /**
   * Handles a call.
   *
   * @param local whether it was sent to a name of this address, and not to one rebound to it
   */
  void handle(Exchange exchange, BooleanSupplier local) throws IOException {
    try (BodyRoom.Hold hold = workload.bodies().hold()) {
      handle(exchange, Requests.body(exchange, MAX_BODY, hold), local);
    }
  }

  private void handle(Exchange exchange, Requests.Body body, BooleanSupplier local)
      throws IOException {
    var id = new RequestId(Ids.uuid(random));
    Claim claim = Claim.of(Requests.signed(exchange));
    Wanted wanted;
    try {
      wanted = wanted(exchange, claim, body.bytes());
    } catch (Malformed e) {
      Answers.error(exchange, fallback(), malformed(Protocol.QUERY, e), id, List.of());
      return;
    }
    if (body.refusal() != null) {
      ApiError error = Refusals.unread(body.refusal(), wanted.service().protocol(), MAX_BODY);
      Answers.error(exchange, wanted.service(), error, id, List.of());
      return;
    }
    try {
      var unsigned = catalog.unsigned(wanted.service(), wanted.operation());
      if (unsigned.isPresent()) {
        requirePlain(exchange, wanted, body.bytes(), local);
        requireGoodIfAny(claim, wanted, body.bytes());
        admit(exchange, unsigned.get(), wanted, body.bytes(), id);
        return;
      }
      admit(exchange, claim, wanted, body.bytes(), id);
    } catch (SignatureFault e) {
      Answers.error(exchange, wanted.service(), e.in(wanted.service().protocol()), id, List.of());
    } catch (ApiError e) {
      Answers.error(exchange, wanted.service(), e, id, List.of());
    } catch (RuntimeException e) {
      ApiError error = Refusals.unexpected(wanted.service().protocol(), e, id);
      Answers.error(exchange, wanted.service(), error, id, List.of());
    }
  }

  /** Finds out who calls, and lets the call begin when its account has room for it. */
  private void admit(Exchange exchange, Claim claim, Wanted wanted, byte[] body, RequestId id)
      throws IOException {
    Instant now = clock.instant();
    Principal principal =
        authenticator.authenticate(
            claim.required(), claim.request(), body, List.of(wanted.service().signingName()), now);
    Region region = region(claim.required(), wanted.service());
    try (Shares.Turn _ = workload.calls().take(principal.account())) {
      if (body.length <= Workload.LARGE) {
        serve(exchange, new Caller(principal, region, now), wanted, body, id);
        return;
      }
      try (Shares.Turn _ = workload.large().take(principal.account())) {
        serve(exchange, new Caller(principal, region, now), wanted, body, id);
      }
    } catch (Shares.Throttled _) {
      throw Refusals.throttled(wanted.service().protocol());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Refusals.stopping(wanted.service().protocol());
    }
  }

  /** What nobody signed is small, in a body, which no log keeps, and for this address. */
  private static void requirePlain(
      Exchange exchange, Wanted wanted, byte[] body, BooleanSupplier local) {
    Protocol protocol = wanted.service().protocol();
    if (!local.getAsBoolean() || !exchange.method().equals("POST")) {
      throw CommonError.ACCESS_DENIED
          .in(protocol)
          .because("a call without a signature is sent by POST, to a name of this address");
    }
    if (body.length > Workload.LARGE) {
      throw CommonError.REQUEST_TOO_LARGE
          .in(protocol)
          .because("the body is larger than %d bytes", Workload.LARGE);
    }
  }

  /**
   * A signature that is there is good, though nobody asks for one: whoever lets nothing but signed
   * calls pass, as agents do for tasks, goes by what a call says of itself.
   */
  private void requireGoodIfAny(Claim claim, Wanted wanted, byte[] body) {
    if (Authorization.present(claim.request())) {
      Principal _ =
          authenticator.authenticate(
              claim.required(),
              claim.request(),
              body,
              List.of(wanted.service().signingName()),
              clock.instant());
    }
  }

  /** As for signed calls, where the input itself proves who calls. A signature proves nothing. */
  private <I extends Shape, O extends Shape> void admit(
      Exchange exchange,
      UnsignedOperation<I, O> operation,
      Wanted wanted,
      byte[] body,
      RequestId id)
      throws IOException {
    Instant now = clock.instant();
    I in = input(operation.model(), wanted, body);
    try (Shares.Turn _ = workload.strangers().take(operation.about(in))) {
      Principal principal;
      try {
        principal = operation.caller(in, now);
      } catch (ApiError e) {
        Answers.modelled(exchange, wanted.service(), e, id);
        return;
      }
      serve(exchange, new Caller(principal, Region.GLOBAL, now), wanted, body, id);
    } catch (Shares.Throttled _) {
      throw Refusals.throttled(wanted.service().protocol());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Refusals.stopping(wanted.service().protocol());
    }
  }

  /** The input, within the model's own bounds. */
  private static <I extends Shape> I input(OperationModel<I, ?> model, Wanted wanted, byte[] body) {
    I in = model.inputOf(decode(model, wanted, body));
    Optional<String> violations = Violations.of(in);
    if (violations.isPresent()) {
      throw new ApiError(model.service().validationError(), violations.get());
    }
    return in;
  }

  private record Caller(Principal principal, Region region, Instant now) {}

  private void serve(Exchange exchange, Caller caller, Wanted wanted, byte[] body, RequestId id)
      throws IOException {
    Instant now = caller.now();
    Principal principal = caller.principal();
    ServiceModel service = wanted.service();
    var record =
        new CallRecord(
            audit,
            Ids.timedUuid(now, random),
            Refusals.printable(service.name()) + ".amazonaws.com",
            Refusals.printable(wanted.operation()));
    var call =
        new Call(id, principal, caller.region(), now, Requests.origin(exchange), List.of(), record);
    ApiError refusal;
    try {
      Optional<Operation<?, ?>> operation = catalog.operation(service, wanted.operation());
      if (operation.isEmpty()) {
        catalog.missed(service, wanted.operation());
        throw Refusals.notServed(service, wanted.operation());
      }
      Shape result = run(operation.get(), call, wanted, body);
      record.end(call, null);
      Answers.result(exchange, operation.get().model(), result, id, record.notes());
      return;
    } catch (ApiError e) {
      refusal = e;
    } catch (RuntimeException | StackOverflowError e) { // deep input ends its call, on the record
      refusal = Refusals.unexpected(service.protocol(), e, id);
    }
    record.end(call, refusal);
    Answers.error(exchange, service, refusal, id, record.notes());
  }

  private <I extends Shape, O extends Shape> Shape run(
      Operation<I, O> operation, Call call, Wanted wanted, byte[] body) {
    OperationModel<I, O> model = operation.model();
    I in = model.inputOf(decode(model, wanted, body));
    if (body.length > MOST_RECORDED) {
      call.record().omitted(body.length);
    } else {
      call.record().input(in);
    }
    if (operation.data()) {
      call.record().data();
    }
    Optional<String> violations = Violations.of(in);
    if (violations.isPresent()) {
      throw new ApiError(model.service().validationError(), violations.get());
    }
    Access access = operation.access(call, in);
    CallBounds.require(model.service(), access);
    guard.require(call, access);
    try {
      return operation.handle(call, in);
    } catch (ApiError e) {
      if (!declared(model, e)) {
        LOG.log(
            Level.WARNING, "{0} answered {1}, which its model does not declare", model, e.code());
      }
      throw e;
    }
  }

  private static boolean declared(OperationModel<?, ?> model, ApiError error) {
    if (model.errors().contains(error.shape())
        || model.service().validationError().equals(error.shape())) {
      return true;
    }
    for (CommonError common : CommonError.values()) {
      if (common.in(Protocol.JSON).equals(error.shape())
          || common.in(Protocol.QUERY).equals(error.shape())) {
        return true;
      }
    }
    return false;
  }

  private static Shape decode(OperationModel<?, ?> model, Wanted wanted, byte[] body) {
    try {
      return switch (model.service().protocol()) {
        case JSON -> JsonCodec.read(model.input(), body);
        case QUERY -> QueryCodec.read(model.input(), wanted.form());
      };
    } catch (Malformed e) {
      throw malformed(model.service().protocol(), e);
    }
  }

  private static ApiError malformed(Protocol protocol, Malformed e) {
    return new ApiError(CommonError.MALFORMED_INPUT.in(protocol), e.text());
  }

  /** Reads the name of service and operation; nothing that decides anything. */
  private Wanted wanted(Exchange exchange, Claim claim, byte[] body) {
    String target = exchange.header("x-amz-target");
    if (target != null) {
      ServiceModel service = catalog.byTarget(target).orElseGet(() -> foreign(claim));
      return new Wanted(service, target.substring(target.lastIndexOf('.') + 1), Map.of());
    }
    String text =
        exchange.method().equals("GET")
            ? exchange.rawQuery()
            : new String(body, StandardCharsets.UTF_8);
    Map<String, String> form = QueryCodec.decode(text);
    String action = form.getOrDefault("Action", "");
    ServiceModel service =
        scope(claim)
            .flatMap(catalog::bySigningName)
            .or(() -> catalog.byAction(action))
            .orElseGet(this::fallback);
    return new Wanted(service, action, form);
  }

  private static Optional<String> scope(Claim claim) {
    return Optional.ofNullable(claim.auth()).map(auth -> auth.scope().service());
  }

  private static Region region(Authorization auth, ServiceModel service) {
    if (service.name().equals("iam")) {
      return Region.GLOBAL;
    }
    return new Region(auth.scope().region());
  }

  private ServiceModel fallback() {
    return catalog.byAction("GetCallerIdentity").orElseThrow();
  }

  /** A service that AWS may have and we do not: its caller is still authenticated first. */
  private static ServiceModel foreign(Claim claim) {
    String name = scope(claim).orElse("unknown");
    return new ServiceModel(name, name, Protocol.JSON, "", "", "", java.util.Set.of());
  }
}
