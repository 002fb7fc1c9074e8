// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.hosts;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.sigv4.Authorization;
import dev.holdfast.aws.sigv4.RsaSignature;
import dev.holdfast.aws.sigv4.SignatureFault;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.ecs.Fleet;
import dev.holdfast.gateway.Refusals;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.Exchange.Header;
import dev.holdfast.http.HttpHandler;
import dev.holdfast.iam.Iam;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Principal;
import dev.holdfast.service.RequestId;
import dev.holdfast.service.Shares;
import dev.holdfast.service.Workload;
import dev.holdfast.ssm.control.Machines;
import dev.holdfast.ssm.model.Activation;
import dev.holdfast.ssm.model.ManagedInstance;
import dev.holdfast.ssm.port.MachineRoles;
import java.io.IOException;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the agent of AWS Systems Manager asks: to be registered, with the code of an activation and
 * no signature; for credentials of its role, signed with the key that it registered; to tell of
 * itself, signed with those credentials. Each answer and each refusal is in the audit.
 *
 * @see <a href="https://github.com/aws/amazon-ssm-agent">amazon-ssm-agent</a>
 */
final class MachineDoor implements HttpHandler {
  private static final System.Logger LOG = System.getLogger("machines");
  private static final String PREFIX = "AmazonSSM.";
  private static final String REGISTER = "RegisterManagedInstance";
  private static final String TOKEN = "RequestManagedInstanceRoleToken";
  private static final String ROTATE = "UpdateManagedInstancePublicKey";
  private static final String TELL = "UpdateInstanceInformation";
  private static final List<String> SERVICES = List.of("ssm");
  private static final int MAX_BODY = 64 * 1024;
  private static final int LONGEST = 256;

  private final Machines machines;
  private final Iam iam;
  private final Fleet fleet;
  private final HostCalls calls;
  private final InstantSource clock;
  private final JoinLimit joins = new JoinLimit();
  private final JoinLimit strangers = new JoinLimit();
  private final Workload workload;

  MachineDoor(HostDoor.Needs needs) {
    this.machines = needs.machines();
    this.iam = needs.iam();
    this.fleet = needs.fleet();
    this.workload = needs.workload();
    this.calls = needs.context().calls();
    this.clock = needs.context().ground().clock();
  }

  /** The targets that are answered here, and by nobody else. */
  Map<String, HttpHandler> targets() {
    return Map.of(
        PREFIX + REGISTER, this, PREFIX + TOKEN, this, PREFIX + ROTATE, this, PREFIX + TELL, this);
  }

  /** A request that was read. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Asked(RequestId id, Exchange exchange, byte[] body, JsonObject said) {
    String text(String member) {
      String text = said.string(member);
      return text == null ? "" : text;
    }

    /** What people are shown; without what acts on a terminal. */
    @Nullable String shown(String member) {
      String text = said.string(member);
      return text == null || text.isEmpty() ? null : Printable.clipped(text, LONGEST);
    }
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    String target = String.valueOf(exchange.header("x-amz-target"));
    JsonObject answer;
    RequestId id = calls.requestId();
    try {
      Asked asked = read(id, exchange);
      answer =
          switch (target.substring(PREFIX.length())) {
            case REGISTER -> register(asked);
            case TOKEN -> token(asked);
            case ROTATE -> rotate(asked);
            case TELL -> tell(asked);
            default -> throw CommonError.UNKNOWN_OPERATION.in(Protocol.JSON).because("no such");
          };
    } catch (SignatureFault e) {
      error(exchange, id, e.in(Protocol.JSON));
      return;
    } catch (ApiError e) {
      error(exchange, id, e);
      return;
    } catch (RuntimeException e) {
      error(exchange, id, Refusals.unexpected(Protocol.JSON, e, id));
      return;
    }
    exchange.respond(200, headers(id), Json.bytes(answer));
  }

  private static Asked read(RequestId id, Exchange exchange) throws IOException {
    byte[] body = exchange.body().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      throw CommonError.REQUEST_TOO_LARGE
          .in(Protocol.JSON)
          .because("the body is larger than %d bytes", MAX_BODY);
    }
    try {
      return new Asked(id, exchange, body, Json.parseObject(body));
    } catch (Json.MalformedJson e) {
      throw CommonError.MALFORMED_INPUT.in(Protocol.JSON).because("the body is no JSON object");
    }
  }

  private static List<Header> headers(RequestId id) {
    return List.of(
        new Header("Content-Type", "application/x-amz-json-1.1"),
        new Header("x-amzn-RequestId", id.text()));
  }

  private static void error(Exchange exchange, RequestId id, ApiError error) throws IOException {
    exchange.respond(
        error.shape().status(),
        headers(id),
        Json.bytes(JsonObject.EMPTY.with("__type", error.code()).with("message", error.text())));
  }

  private static SignedRequest signed(Exchange exchange) {
    return new SignedRequest(
        exchange.method(),
        exchange.rawPath(),
        exchange.rawQuery(),
        exchange.headers().stream()
            .map(h -> new SignedRequest.Header(h.name(), h.value()))
            .toList());
  }

  /** Whoever has the code waits for nobody who has none. */
  private JsonObject register(Asked asked) {
    if (Authorization.present(signed(asked.exchange()))) {
      throw Machines.invalid(
          "a machine registers with an activation and no signature; an instance profile is not"
              + " served");
    }
    Activation known = machines.activation(asked.text("ActivationId")).orElse(null);
    boolean opened = known != null && known.opensWith(asked.text("ActivationCode"));
    if (!opened) {
      throttle(joins, asked);
    }
    Principal.Identity role =
        known == null ? null : machines.identity(known.role().arn()).orElse(null);
    AccountId account = known == null ? calls.account() : known.account();
    return turn(
        opened ? workload.calls() : workload.strangers(),
        account,
        () -> register(asked, known, role));
  }

  private JsonObject register(
      Asked asked, @Nullable Activation known, Principal.@Nullable Identity role) {
    String id = asked.text("ActivationId");
    Region region = known == null ? Region.GLOBAL : known.region();
    Call call =
        calls.call(asked.id(), asked.exchange(), role, region, HostCalls.STRANGER, REGISTER);
    call.record().parameters(JsonObject.EMPTY.with("activationId", Printable.clipped(id, LONGEST)));
    return audited(
        call,
        "registering as a machine",
        () -> {
          if (known == null || role == null) {
            throw Machines.noActivation();
          }
          var claim =
              new Machines.Claim(
                  asked.text("ActivationCode"),
                  asked.text("PublicKey"),
                  asked.text("PublicKeyType"),
                  asked.text("Fingerprint"));
          String instance = machines.register(call, id, claim);
          LOG.log(System.Logger.Level.INFO, "the machine {0} registered", instance);
          return JsonObject.EMPTY.with("InstanceId", instance);
        });
  }

  private JsonObject token(Asked asked) {
    ManagedInstance machine = signedBy(asked, TOKEN);
    return turn(workload.calls(), machine.account(), () -> token(asked, machine));
  }

  private JsonObject token(Asked asked, ManagedInstance machine) {
    Call call = call(asked, machine, TOKEN);
    return audited(
        call,
        "credentials of a machine",
        () -> {
          MachineRoles.Session session = machines.token(call, machine, asked.text("Fingerprint"));
          return JsonObject.EMPTY
              .with("AccessKeyId", session.accessKeyId())
              .with("SecretAccessKey", session.secretAccessKey())
              .with("SessionToken", session.token())
              .with("TokenExpirationDate", session.expires().getEpochSecond())
              .with("UpdateKeyPair", false);
        });
  }

  private JsonObject rotate(Asked asked) {
    ManagedInstance machine = signedBy(asked, ROTATE);
    return turn(workload.calls(), machine.account(), () -> rotate(asked, machine));
  }

  private JsonObject rotate(Asked asked, ManagedInstance machine) {
    Call call = call(asked, machine, ROTATE);
    return audited(
        call,
        "the key of a machine",
        () -> {
          machines.rotate(
              call, machine, asked.text("NewPublicKey"), asked.text("NewPublicKeyType"));
          return JsonObject.EMPTY;
        });
  }

  private Call call(Asked asked, ManagedInstance machine, String event) {
    Principal.Identity role =
        machines
            .identity(machine.role().arn())
            .orElseThrow(
                () ->
                    new ApiError(
                        CommonError.ACCESS_DENIED.in(Protocol.JSON),
                        "the role " + machine.role().arn() + " is gone"));
    Call call =
        calls.call(asked.id(), asked.exchange(), role, machine.region(), machine.id(), event);
    call.record().touched(machine.arn().toString());
    call.record().parameters(JsonObject.EMPTY.with("instanceId", machine.id()));
    return call;
  }

  /**
   * The machine whose key signed; a refusal is on the record of whoever operates the platform. A
   * machine that is not there, one of another region and one whose key did not sign are answered
   * alike, and after the same work: whether an id is there is nobody else's to know.
   */
  private ManagedInstance signedBy(Asked asked, String event) {
    SignedRequest request = signed(asked.exchange());
    Authorization auth = Authorization.ofMachine(request);
    try {
      RsaSignature.check(auth, request, SERVICES, clock.instant());
      return signer(auth, request, asked.body())
          .orElseThrow(() -> Machines.noInstance(auth.accessKeyId()));
    } catch (SignatureFault e) {
      throw refused(asked, event, auth.accessKeyId(), e.in(Protocol.JSON));
    } catch (ApiError e) {
      throw refused(asked, event, auth.accessKeyId(), e);
    }
  }

  private Optional<ManagedInstance> signer(Authorization auth, SignedRequest request, byte[] body) {
    Optional<ManagedInstance> machine =
        machines
            .instance(auth.accessKeyId())
            .filter(m -> m.region().name().equals(auth.scope().region()));
    PublicKey key =
        machine.isEmpty()
            ? RsaSignature.nobodysKey()
            : RsaSignature.key(machine.get().proof().publicKey()).orElseThrow();
    try {
      RsaSignature.verify(auth, request, body, key);
      return machine;
    } catch (SignatureFault _) {
      return Optional.empty();
    }
  }

  private ApiError refused(Asked asked, String event, String id, ApiError error) {
    throttle(strangers, asked);
    Call call =
        calls.call(asked.id(), asked.exchange(), null, Region.GLOBAL, HostCalls.STRANGER, event);
    call.record().parameters(JsonObject.EMPTY.with("instanceId", id));
    call.record().end(call, error);
    fleet.alarm(call, "a signature of the machine " + id);
    return error;
  }

  private static void throttle(JoinLimit limit, Asked asked) {
    if (!limit.admits(HostCalls.address(asked.exchange()), System.nanoTime())) {
      throw CommonError.THROTTLING.in(Protocol.JSON).because("Rate exceeded");
    }
  }

  private JsonObject tell(Asked asked) {
    SignedRequest request = signed(asked.exchange());
    Authorization auth = Authorization.of(request);
    Principal principal =
        iam.authenticator().authenticate(auth, request, asked.body(), SERVICES, clock.instant());
    var region = new Region(auth.scope().region());
    return turn(workload.calls(), principal.account(), () -> tell(asked, principal, region));
  }

  private JsonObject tell(Asked asked, Principal principal, Region region) {
    String id = asked.text("InstanceId");
    Call call = calls.call(asked.id(), asked.exchange(), principal, region, TELL);
    call.record().parameters(JsonObject.EMPTY.with("instanceId", Printable.clipped(id, LONGEST)));
    return audited(
        call,
        "telling of a machine",
        () -> {
          iam.guard()
              .require(
                  call,
                  Access.of("ssm:" + TELL, ManagedInstance.arn(principal.account(), region, id)));
          Principal.Session session = principal.session();
          ManagedInstance machine =
              machines
                  .instance(id)
                  .filter(m -> m.account().equals(principal.account()))
                  .filter(m -> m.region().equals(region))
                  .filter(m -> session != null && m.opened(session.id()))
                  .orElseThrow(() -> Machines.noInstance(id));
          machines.told(call, machine, ping(call, asked));
          return JsonObject.EMPTY;
        });
  }

  private static ManagedInstance.Ping ping(Call call, Asked asked) {
    String version = asked.shown("AgentVersion");
    return new ManagedInstance.Ping(
        call.now(),
        new ManagedInstance.Agent(
            version == null ? "" : version, asked.shown("ComputerName"), asked.shown("IPAddress")),
        new ManagedInstance.Platform(
            asked.shown("PlatformType"),
            asked.shown("PlatformName"),
            asked.shown("PlatformVersion")));
  }

  interface Work {
    JsonObject run();
  }

  /** Does it when it is the account's turn. */
  static JsonObject turn(Shares shares, AccountId account, Work work) {
    try (Shares.Turn _ = shares.take(account)) {
      return work.run();
    } catch (Shares.Throttled _) {
      throw Refusals.throttled(Protocol.JSON);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Refusals.stopping(Protocol.JSON);
    }
  }

  private JsonObject audited(Call call, String what, Work work) {
    try {
      JsonObject answer = work.run();
      call.record().end(call, null);
      return answer;
    } catch (ApiError e) {
      call.record().end(call, e);
      fleet.alarm(call, what);
      throw e;
    } catch (RuntimeException e) {
      ApiError refusal = Refusals.unexpected(Protocol.JSON, e, call.id());
      call.record().end(call, refusal);
      throw refusal;
    }
  }
}
