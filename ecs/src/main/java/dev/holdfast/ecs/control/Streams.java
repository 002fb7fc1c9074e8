// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.Hosts;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.WebSocketConnection;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Door;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The websockets of agents: the local host's, and each container instance's for commands (ACS) and
 * telemetry (TACS). A stream is served to the principal that the instance is bound to, and to one
 * at a time.
 */
public final class Streams {
  private static final System.Logger LOG = System.getLogger("ecs.agent");
  private static final Duration IDLE = Duration.ofMinutes(5);

  private final EcsDependencies deps;
  private final Door door;
  private final Connections connections;
  private final Signals signals;
  private final InstanceScript.Tools tools;

  Streams(EcsDependencies deps, Door door, Connections connections, Signals signals, Tasks tasks) {
    this.deps = deps;
    this.door = door;
    this.connections = connections;
    this.signals = signals;
    this.tools =
        new InstanceScript.Tools(
            deps.state(), tasks, new TaskSessions(deps.roles(), deps.images()), deps.clock());
  }

  private interface Service {
    void serve(WebSocketConnection socket, Outbox outbox) throws InterruptedException;
  }

  /** Serves {@code /acs/host} and {@code /acs/ws}. */
  public void commands(Exchange exchange) throws IOException {
    Map<String, String> query = query(exchange);
    if (exchange.rawPath().equals("/acs/host")) {
      open(exchange, "Poll", call -> host(call, query));
    } else {
      open(exchange, "Poll", call -> instance(call, query));
    }
  }

  /** Serves {@code /tacs/ws}. */
  public void telemetry(Exchange exchange) throws IOException {
    Map<String, String> query = query(exchange);
    open(exchange, "StartTelemetrySession", call -> telemetry(call, query));
  }

  private record Stream(String name, Connections.@Nullable Peer peer, Service service) {}

  private interface Opening {
    Stream stream(Call call);
  }

  private void open(Exchange exchange, String event, Opening opening) throws IOException {
    Stream stream;
    try {
      Call call = door.authenticate(exchange, "ecs", event);
      try {
        stream = opening.stream(call);
        call.record().end(call, null);
      } catch (ApiError e) {
        call.record().end(call, e);
        throw e;
      }
    } catch (ApiError e) {
      refuse(exchange, e);
      return;
    }
    if (stream.peer() != null && connections.connected(stream.name())) {
      LOG.log(System.Logger.Level.WARNING, "a second stream for {0} was refused", stream.name());
      refuse(exchange, EcsError.ACCESS_DENIED.because("this stream is open already"));
      return;
    }
    exchange.upgrade(IDLE, socket -> serve(socket, stream));
  }

  /** The place is taken here and not before: an upgrade that fails never comes here. */
  private void serve(WebSocketConnection socket, Stream stream) throws InterruptedException {
    var outbox = new Outbox(socket, deps.clock(), deps.random());
    if (stream.peer() == null) {
      stream.service().serve(socket, outbox);
      return;
    }
    Connections.Lease lease = connections.open(stream.name(), stream.peer()).orElse(null);
    if (lease == null) {
      LOG.log(System.Logger.Level.WARNING, "a second stream for {0} was refused", stream.name());
      socket.close(1008, "this stream is open already");
      return;
    }
    try (lease) {
      try {
        stream.service().serve(socket, outbox);
      } finally {
        // Before the place is free, else it would take the wake-ups of the next stream along.
        signals.forget(stream.name());
      }
    }
  }

  private static void refuse(Exchange exchange, ApiError error) throws IOException {
    byte[] body = Json.bytes(JsonObject.EMPTY.with(error.code(), error.text()));
    exchange.respond(
        error.shape().status() == 403 ? 403 : 400,
        List.of(new Exchange.Header("Content-Type", "application/json")),
        body);
  }

  private Stream host(Call call, Map<String, String> query) {
    if (!Hosts.isLocal(call)) {
      throw EcsError.ACCESS_DENIED.because("this stream is the local host's alone");
    }
    deps.guard()
        .require(call, Access.of(Hosts.demand(call, "ecs:Poll", call.arn("ecs", "host/*"))));
    return new Stream(
        Connections.LOCAL_HOST,
        peer(query),
        (socket, outbox) ->
            AgentStream.serve(
                Connections.LOCAL_HOST,
                socket,
                outbox,
                signals,
                new HostScript(deps.state(), outbox)));
  }

  private Stream instance(Call call, Map<String, String> query) {
    ContainerInstance.Key key = bound(call, "ecs:Poll", query.get("containerInstanceArn"));
    boolean credentials = "true".equals(query.get("sendCredentials"));
    return new Stream(
        key.arn().toString(),
        peer(query),
        (socket, outbox) ->
            AgentStream.serve(
                key.arn().toString(),
                socket,
                outbox,
                signals,
                new InstanceScript(tools, key, outbox, credentials)));
  }

  private Stream telemetry(Call call, Map<String, String> query) {
    ContainerInstance.Key key =
        bound(call, "ecs:StartTelemetrySession", query.get("containerInstance"));
    return new Stream(
        key.arn() + "/telemetry",
        null,
        (socket, outbox) -> new TelemetryScript(tools, key, outbox).serve(socket));
  }

  private ContainerInstance.Key bound(Call call, String action, @Nullable String text) {
    ContainerInstance.Key key =
        Optional.ofNullable(text)
            .flatMap(Arn::parse)
            .flatMap(Streams::key)
            .orElseThrow(
                () -> EcsError.INVALID_PARAMETER.because("containerInstanceArn names no instance"));
    deps.guard().require(call, Access.of(Hosts.demand(call, action, key.arn())));
    record Row(@Nullable ContainerInstance instance, boolean busy) {}
    Row row =
        deps.state()
            .read(
                view ->
                    new Row(
                        view.get(EcsTables.INSTANCES, key.account(), key),
                        Tasks.on(view, key).stream().anyMatch(Task::live)));
    if (row.instance() == null || !Hosts.binds(row.instance(), call)) {
      throw EcsError.ACCESS_DENIED.because(
          "the container instance is not there, or bound to another principal");
    }
    if (row.instance().status() == ContainerInstance.Status.INACTIVE && !row.busy()) {
      throw new dev.holdfast.aws.ErrorShape("InactiveInstanceException", 400)
          .because("the container instance was deregistered");
    }
    return key;
  }

  private static Optional<ContainerInstance.Key> key(Arn arn) {
    String[] parts = arn.resource().split("/", -1);
    AccountId account = AccountId.parse(arn.account()).orElse(null);
    Region region = Region.parse(arn.region()).orElse(null);
    if (!arn.service().equals("ecs")
        || parts.length != 3
        || !parts[0].equals("container-instance")
        || account == null
        || region == null) {
      return Optional.empty();
    }
    return Optional.of(new ContainerInstance.Key(account, region, parts[1], parts[2]));
  }

  private static Connections.Peer peer(Map<String, String> query) {
    return new Connections.Peer(query.get("agentVersion"), query.get("dockerVersion"));
  }

  private static Map<String, String> query(Exchange exchange) {
    var query = new HashMap<String, String>();
    for (String pair : exchange.rawQuery().split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        try {
          query.put(
              URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
              URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
          // The signature covers the raw text; what cannot be read is absent.
        }
      }
    }
    return query;
  }
}
