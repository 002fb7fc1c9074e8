// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.plan.Reach;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.state.Alarms;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.ExecSession;
import dev.holdfast.ecs.state.ExecSessions;
import dev.holdfast.ecs.state.Hosts;
import dev.holdfast.ecs.state.Launcher;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.ecs.state.Usage;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.WebSocketConnection;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Door;
import dev.holdfast.service.Principal;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.View;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The websockets of agents: those of the platform's own hosts, and each container instance's for
 * commands (ACS) and telemetry (TACS). A stream is served to the principal that the instance is
 * bound to, for commands to one at a time, and for as long as it would be let in anew: it ends with
 * its key, its session, its right, or its binding. Whoever else asks raises an alarm.
 */
public final class Streams {
  private static final System.Logger LOG = System.getLogger("ecs.agent");
  private static final Duration IDLE = Duration.ofMinutes(5);

  /** How long an agent that comes back may have to wait for the end of the stream it left. */
  private static final Duration RECONNECT = Duration.ofSeconds(2);

  /** Of telemetry; an agent that reconnects may have two for a while. */
  private static final int TELEMETRY_STREAMS = 4;

  private static final int LONGEST = 200;

  private final EcsDependencies deps;
  private final Door door;
  private final Watch watch;
  private final Signals signals;
  private final InstanceScript.Tools tools;
  private final ExecStreams exec;

  /** Who is connected, what was refused, what containers use, and which instances are where. */
  record Watch(
      Connections connections,
      Alarms alarms,
      ExecSessions sessions,
      Usage usage,
      Launcher launcher) {}

  Streams(EcsDependencies deps, Door door, Watch watch, Signals signals, Tasks tasks) {
    this.deps = deps;
    this.door = door;
    this.watch = watch;
    this.signals = signals;
    this.exec = new ExecStreams(deps, door, watch.sessions(), signals);
    this.tools =
        new InstanceScript.Tools(
            deps.state(),
            tasks,
            new TaskSessions(deps.roles(), deps.images()),
            watch.usage(),
            deps.clock());
  }

  private interface Service {
    void serve(WebSocketConnection socket, Outbox outbox, BooleanSupplier lasts)
        throws InterruptedException;
  }

  /** Serves {@code /acs/host}, {@code /acs/exec} and {@code /acs/ws}. */
  public void commands(Exchange exchange) throws IOException {
    Map<String, String> query = query(exchange);
    if (exchange.rawPath().equals("/acs/host")) {
      open(exchange, "Poll", call -> host(call, query));
    } else if (exchange.rawPath().equals("/acs/exec")) {
      open(exchange, "Poll", call -> exec(call, query));
    } else {
      open(exchange, "Poll", call -> instance(call, query));
    }
  }

  /** Serves {@code /v1/data-channel/}: the clients of {@code ExecuteCommand}. */
  public void dataChannel(Exchange exchange) throws IOException {
    exec.client(exchange);
  }

  /** Serves {@code /tacs/ws}. */
  public void telemetry(Exchange exchange) throws IOException {
    Map<String, String> query = query(exchange);
    open(exchange, "StartTelemetrySession", call -> telemetry(call, query));
  }

  /**
   * A stream that may be opened.
   *
   * @param places how many of it there may be at a time
   */
  private record Stream(String name, int places, Connections.Peer peer, Service service) {
    String place(int number) {
      return number == 1 ? name : name + "#" + number;
    }
  }

  private interface Opening {
    Stream stream(Call call);
  }

  private void open(Exchange exchange, String event, Opening opening) throws IOException {
    Call call;
    Stream stream;
    try {
      call = door.authenticate(exchange, "ecs", event);
      stream = admitted(call, event, opening, exchange);
    } catch (ApiError e) {
      refuse(exchange, e);
      return;
    }
    exchange.upgrade(IDLE, socket -> serve(socket, call, stream, opening, event));
  }

  /** What the audit says of the call is said here, and so is every refusal. */
  private Stream admitted(Call call, String event, Opening opening, Exchange exchange) {
    try {
      watch.alarms().refuseTask(call, event);
      Stream stream = watch.alarms().watch(call, asked(exchange), () -> opening.stream(call));
      if (stream.places() == 1 && !watch.connections().awaitFree(stream.name(), RECONNECT)) {
        throw second(call, stream);
      }
      call.record().end(call, null);
      return stream;
    } catch (ApiError e) {
      call.record().end(call, e);
      throw e;
    }
  }

  /** What was asked for, in words. */
  private static String asked(Exchange exchange) {
    Map<String, String> query = query(exchange);
    String instance =
        query.getOrDefault("containerInstanceArn", query.getOrDefault("containerInstance", ""));
    return "the stream "
        + exchange.rawPath()
        + (instance.isEmpty() ? "" : " of " + Printable.clipped(instance, LONGEST));
  }

  private ApiError second(Call call, Stream stream) {
    watch.alarms().raise(call, "a second stream of " + stream.name());
    return EcsError.ACCESS_DENIED.because("this stream is open already");
  }

  /** The place is taken here and not before: an upgrade that fails never comes here. */
  private void serve(
      WebSocketConnection socket, Call call, Stream stream, Opening opening, String event)
      throws InterruptedException {
    Connections.Lease lease = place(stream);
    if (lease == null) {
      ApiError error = second(call, stream);
      CallRecord first = call.record();
      first
          .another(Ids.timedUuid(deps.clock().instant(), deps.random()), first.source(), event)
          .end(call, error);
      socket.close(1008, "this stream is open already");
      return;
    }
    try (lease) {
      try {
        var outbox = new Outbox(socket, deps.nanos(), deps.random());
        stream.service().serve(socket, outbox, () -> lasts(call, opening));
        if (outbox.silent() && stream.places() == 1) {
          watch.connections().silent(stream.name(), outbox.lastHeard());
        }
      } finally {
        // Before the place is free, else it would take the wake-ups of the next stream along.
        signals.forget(stream.name());
      }
    }
  }

  private Connections.@Nullable Lease place(Stream stream) {
    for (int number = 1; number <= stream.places(); number++) {
      var lease = watch.connections().open(stream.place(number), stream.peer());
      if (lease.isPresent()) {
        return lease.get();
      }
    }
    return null;
  }

  /**
   * Whether a stream would be let in anew, as its call, principal, policies and binding are now.
   */
  private boolean lasts(Call call, Opening opening) {
    try {
      return door.again(call, renewed(call)).map(opening::stream).isPresent();
    } catch (ApiError e) {
      LOG.log(System.Logger.Level.INFO, "a stream ends: {0}", e.text());
      return false;
    } catch (StoreUnavailable _) {
      return false; // the platform ends
    }
  }

  /**
   * When a stream is judged anew: now. The agents of the platform's own hosts get their sessions by
   * way of their input and their streams are never opened again for a fresh one, so a session
   * counts as of its end.
   */
  private Instant renewed(Call call) {
    Instant now = deps.clock().instant();
    Principal.Session session = call.principal().session();
    return Hosts.isOurs(call) && session != null && !now.isBefore(session.expires())
        ? session.expires().minusSeconds(1)
        : now;
  }

  private static void refuse(Exchange exchange, ApiError error) throws IOException {
    byte[] body = Json.bytes(JsonObject.EMPTY.with(error.code(), error.text()));
    exchange.respond(
        error.shape().status() == 403 ? 403 : 400,
        List.of(new Exchange.Header("Content-Type", "application/json")),
        body);
  }

  private Stream host(Call call, Map<String, String> query) {
    String id = ours(call);
    String name = Connections.host(id);
    return new Stream(
        name,
        1,
        peer(query),
        (socket, outbox, lasts) ->
            AgentStream.serve(
                name,
                socket,
                outbox,
                signals,
                new AgentStream.Lasting(
                    new HostScript(
                        id, deps.state(), outbox, watch.sessions(), watch.launcher()::on),
                    lasts)));
  }

  /** Which of the platform's own hosts calls. */
  private String ours(Call call) {
    String id = deps.state().read(view -> Hosts.caller(view, call));
    deps.guard()
        .require(call, Access.of(Hosts.demand(call, "ecs:Poll", call.arn("ecs", "host/*"))));
    return id;
  }

  private Stream exec(Call call, Map<String, String> query) {
    String id = ours(call);
    ExecSession session =
        watch
            .sessions()
            .of(query.getOrDefault("sessionId", ""), id)
            .orElseThrow(
                () -> EcsError.INVALID_PARAMETER.because("sessionId names no open session"));
    return new Stream(
        "exec/" + session.id(),
        1,
        peer(query),
        (socket, _, lasts) -> exec.host(socket, session, window(query), lasts));
  }

  /** How much a host takes before it says that it took some; older agents do not say so. */
  private static long window(Map<String, String> query) {
    String bytes = query.getOrDefault("window", "");
    return bytes.matches("[1-9][0-9]{0,6}") ? Long.parseLong(bytes) : Long.MAX_VALUE / 2;
  }

  private Stream instance(Call call, Map<String, String> query) {
    ContainerInstance.Key key = bound(call, "ecs:Poll", query.get("containerInstanceArn"));
    String url =
        Reach.url(call.origin().sourceIp(), deps.endpoint().get().url(), deps.outward().get());
    var agent =
        new InstanceScript.Agent(
            "true".equals(query.get("sendCredentials")),
            Hosts.isOurs(call) ? Dialect.OURS : new Dialect(true, url));
    return new Stream(
        key.arn().toString(),
        1,
        peer(query),
        (socket, outbox, lasts) ->
            AgentStream.serve(
                key.arn().toString(),
                socket,
                outbox,
                signals,
                new AgentStream.Lasting(new InstanceScript(tools, key, outbox, agent), lasts)));
  }

  private Stream telemetry(Call call, Map<String, String> query) {
    ContainerInstance.Key key =
        bound(call, "ecs:StartTelemetrySession", query.get("containerInstance"));
    return new Stream(
        key.arn() + "/telemetry",
        TELEMETRY_STREAMS,
        peer(query),
        (socket, outbox, lasts) -> new TelemetryScript(tools, key, outbox).serve(socket, lasts));
  }

  private ContainerInstance.Key bound(Call call, String action, @Nullable String text) {
    ContainerInstance.Key key =
        Optional.ofNullable(text)
            .flatMap(Arn::parse)
            .flatMap(ContainerInstance.Key::of)
            .orElseThrow(
                () -> EcsError.INVALID_PARAMETER.because("containerInstanceArn names no instance"));
    deps.guard().require(call, Access.of(Hosts.demand(call, action, key.arn())));
    record Row(@Nullable ContainerInstance instance, boolean bound, boolean over) {}
    Row row =
        deps.state()
            .read(
                view -> {
                  ContainerInstance instance = view.get(EcsTables.INSTANCES, key.account(), key);
                  return new Row(
                      instance,
                      instance != null && Hosts.binds(view, instance, call),
                      instance != null && over(view, instance));
                });
    if (row.instance() == null) { // the answer while it was described too: its agent waits
      throw inactive();
    }
    if (!row.bound()) {
      throw EcsError.ACCESS_DENIED.because("the container instance is bound to another principal");
    }
    if (row.over()) {
      throw inactive();
    }
    return key;
  }

  /**
   * Whether an instance was taken out of its cluster and has no task left. Its tasks are looked at
   * only then: this is asked of each stream every few seconds.
   */
  private static boolean over(View view, ContainerInstance instance) {
    return instance.status() == ContainerInstance.Status.INACTIVE
        && Tasks.on(view, instance.key()).stream().noneMatch(Task::live);
  }

  private static ApiError inactive() {
    return new dev.holdfast.aws.ErrorShape("InactiveInstanceException", 400)
        .because("the container instance was deregistered");
  }

  private static Connections.Peer peer(Map<String, String> query) {
    var grants = new TreeSet<>(List.of(query.getOrDefault("grants", "").split(",", -1)));
    return new Connections.Peer(query.get("agentVersion"), query.get("dockerVersion"), grants);
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
