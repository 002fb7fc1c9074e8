// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.endpoint;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.agent.engine.Container;
import dev.holdfast.agent.engine.Containers;
import dev.holdfast.agent.host.SubnetPool.Subnet;
import dev.holdfast.agent.host.TaskNetwork;
import dev.holdfast.agent.task.TaskCredentials;
import dev.holdfast.agent.task.TaskHost;
import dev.holdfast.agent.task.TaskRunner;
import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What containers find at 169.254.170.2: their role's credentials, metadata of their task, and the
 * platform's API. There is one listener per task, on the gateway of its own network, which serves
 * that task alone: no id and no address leads to another task's. Each task may ask so much, and
 * have so many connections, whatever the others do.
 */
public final class AgentEndpoint implements TaskHost.NetworkGate {
  private static final Logger LOG = Logger.getLogger(AgentEndpoint.class.getName());

  /** As the stock agent has it, where it holds for all tasks of a host together. */
  private static final int ASKS_A_SECOND = 40;

  private static final int ASKS_AT_ONCE = 60;

  static {
    // Of each listener, so of each task. A request that dawdles ends, and so does an answer that
    // nobody reads; a call to the platform may take two minutes.
    limit("jdk.httpserver.maxConnections", "256");
    limit("sun.net.httpserver.maxReqTime", "20");
    limit("sun.net.httpserver.maxRspTime", "150");
    limit("sun.net.httpserver.maxReqHeaderSize", "40960");
  }

  private static void limit(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** A task at its listener, with what it may still ask, and how often its faults are logged. */
  private record Guest(
      TaskNetwork network,
      Allowance asks,
      Allowance faults,
      PlatformForward.Share share,
      TaskStats stats) {
    static Guest of(TaskNetwork network, Containers containers) {
      return new Guest(
          network,
          new Allowance(ASKS_A_SECOND, ASKS_AT_ONCE, System::nanoTime),
          new Allowance(0.1, 5, System::nanoTime),
          PlatformForward.Share.fresh(),
          new TaskStats(containers, System::nanoTime));
    }
  }

  /** What is asked of the platform with a task's own role. */
  public record AsTask(TaskProtection protection, TaskTags tags) {}

  /** The most bytes of what a task says of its protection. */
  private static final int MOST_WANTED = 4 * 1024;

  private final int port;
  private final TaskCredentials credentials;
  private final Containers containers;
  private final PlatformForward platform;
  private final AsTask asTask;
  private final String availabilityZone;
  private final Function<String, @Nullable TaskRunner> tasks;
  private final Map<String, HttpServer> servers = new ConcurrentHashMap<>();

  /**
   * Makes the endpoint; nothing listens yet.
   *
   * @param port the port on each gateway that the firewall redirects to
   * @param asTask what tasks ask and say of themselves
   * @param tasks finds a task by its ARN
   */
  public AgentEndpoint(
      int port,
      TaskCredentials credentials,
      Containers containers,
      PlatformForward platform,
      AsTask asTask,
      String availabilityZone,
      Function<String, @Nullable TaskRunner> tasks) {
    this.port = port;
    this.credentials = credentials;
    this.containers = containers;
    this.platform = platform;
    this.asTask = asTask;
    this.availabilityZone = availabilityZone;
    this.tasks = tasks;
  }

  @Override
  public void open(TaskNetwork network) throws IOException {
    if (servers.containsKey(network.taskArn())) {
      return;
    }
    HttpServer server = HttpServer.create(new InetSocketAddress(network.gateway(), port), 64);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    Guest guest = Guest.of(network, containers);
    server.createContext("/", exchange -> serve(exchange, guest));
    server.start();
    servers.put(network.taskArn(), server);
  }

  @Override
  public void close(TaskNetwork network) {
    HttpServer server = servers.remove(network.taskArn());
    if (server != null) {
      server.stop(0);
    }
  }

  private void serve(HttpExchange exchange, Guest guest) throws IOException {
    try (exchange) {
      // The firewall lets nobody else in; where it was tampered with, this still holds.
      if (!from(exchange, guest.network())) {
        Answers.json(exchange, 403, Answers.error("Forbidden", "not a container of this task"));
      } else {
        route(exchange, guest);
      }
    } catch (IllegalArgumentException _) {
      Answers.json(exchange, 400, Answers.error("BadRequest", "the request is malformed"));
    } catch (RuntimeException e) {
      if (guest.faults().take()) {
        LOG.log(Level.SEVERE, "call from " + guest.network().taskArn() + " failed", e);
      }
    }
  }

  private void route(HttpExchange exchange, Guest guest) throws IOException {
    String taskArn = guest.network().taskArn();
    String path = exchange.getRequestURI().getPath();
    boolean credentials = path.startsWith("/v2/credentials/") || path.equals("/v1/credentials");
    boolean metadata = path.startsWith("/v4/") || path.startsWith("/v3/");
    boolean api = path.startsWith("/api/");
    if ((credentials || metadata || api) && !guest.asks().take()) {
      Answers.json(exchange, 429, Answers.error("TooManyRequests", "ask less often"));
    } else if (path.equals("/v1/credentials")) {
      String query = exchange.getRequestURI().getQuery();
      boolean named = query != null && query.startsWith("id=");
      credentials(exchange, taskArn, named && query != null ? query.substring(3) : "");
    } else if (credentials) {
      credentials(exchange, taskArn, path.substring("/v2/credentials/".length()));
    } else if (metadata) {
      metadata(exchange, guest, List.of(path.substring(4).split("/", -1)));
    } else if (api) {
      protection(exchange, taskArn, List.of(path.substring("/api/".length()).split("/", 2)));
    } else if (PlatformForward.isSigned(exchange)) {
      platform.forward(exchange, guest.share());
    } else {
      Answers.json(
          exchange,
          403,
          Answers.error("MissingAuthenticationToken", "only signed calls are taken further"));
    }
  }

  /** Whether a container of the network asks: the host itself has the gateway's address there. */
  private static boolean from(HttpExchange exchange, TaskNetwork network) {
    String address = exchange.getRemoteAddress().getAddress().getHostAddress();
    return !address.equals(network.gateway())
        && Subnet.parse(network.subnet()).overlaps(Subnet.parse(address));
  }

  private void credentials(HttpExchange exchange, String taskArn, String id) throws IOException {
    RoleCredentials role = credentials.application(taskArn);
    TaskRunner runner = tasks.apply(taskArn);
    if (role == null && runner != null && runner.hasRole() && !runner.stopWanted()) {
      Answers.json(
          exchange,
          503,
          Answers.error("CredentialsUninitialized", "the platform has not sent them yet"));
      return;
    }
    if (role == null || !same(role.credentialsId(), id)) {
      Answers.json(
          exchange,
          400,
          Answers.error("InvalidIdInRequest", "CredentialsV2Request: Credentials not found")
              .with("HTTPErrorCode", 400));
      return;
    }
    Answers.json(
        exchange,
        200,
        JsonObject.EMPTY
            .with("RoleArn", text(role.roleArn()))
            .with("AccessKeyId", role.accessKeyId())
            .with("SecretAccessKey", role.secretAccessKey())
            .with("Token", text(role.sessionToken()))
            .with("Expiration", text(role.expiration())));
  }

  /** Serves {@code task-protection/v1/state} below the container's {@code ECS_AGENT_URI}. */
  private void protection(HttpExchange exchange, String taskArn, List<String> path)
      throws IOException {
    TaskRunner runner = tasks.apply(taskArn);
    String cluster = runner == null ? null : runner.task().taskClusterArn();
    String method = exchange.getRequestMethod();
    if (runner == null
        || cluster == null
        || runner.containerOf(path.getFirst()) == null
        || !path.getLast().equals("task-protection/v1/state")
        || !(method.equals("GET") || method.equals("PUT"))) {
      Answers.json(exchange, 404, Answers.error("NotFound", "not served by this agent"));
      return;
    }
    RoleCredentials role = credentials.application(taskArn);
    if (role == null) {
      refused(exchange, 403, taskArn, "AccessDeniedException", "the task has no role of its own");
      return;
    }
    TaskProtection.Wanted wanted = null;
    if (method.equals("PUT")) {
      wanted = wanted(exchange.getRequestBody().readNBytes(MOST_WANTED));
      if (wanted == null) {
        refused(
            exchange,
            400,
            taskArn,
            "InvalidParameterException",
            "say ProtectionEnabled, and ExpiresInMinutes as a number where one is wanted");
        return;
      }
    }
    try {
      TaskProtection.Answer answer = asTask.protection().state(taskArn, cluster, role, wanted);
      Answers.json(exchange, answer.status(), answer.body());
    } catch (IOException _) {
      refused(exchange, 503, taskArn, "ServerException", "the platform does not answer");
    }
  }

  private static void refused(
      HttpExchange exchange, int status, String taskArn, String code, String text)
      throws IOException {
    Answers.json(
        exchange,
        status,
        JsonObject.EMPTY.with(
            "error",
            JsonObject.EMPTY.with("Arn", taskArn).with("Code", code).with("Message", text)));
  }

  private static TaskProtection.@Nullable Wanted wanted(byte[] body) {
    try {
      JsonObject object = Json.parseObject(body);
      if (!(object.get("ProtectionEnabled") instanceof JsonValue.JsonBool)) {
        return null;
      }
      Long minutes = object.integer("ExpiresInMinutes");
      boolean given = object.get("ExpiresInMinutes") != null;
      return given && (minutes == null || minutes != minutes.intValue())
          ? null
          : new TaskProtection.Wanted(
              object.isTrue("ProtectionEnabled"), minutes == null ? null : minutes.intValue());
    } catch (Json.MalformedJson _) {
      return null;
    }
  }

  private static boolean same(String left, String right) {
    return MessageDigest.isEqual(
        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }

  private void metadata(HttpExchange exchange, Guest guest, List<String> path) throws IOException {
    String taskArn = guest.network().taskArn();
    TaskRunner runner = tasks.apply(taskArn);
    String name = runner == null ? null : runner.containerOf(path.getFirst());
    if (runner == null || name == null) {
      Answers.json(exchange, 404, Answers.error("NotFound", "no container with that id"));
      return;
    }
    switch (String.join("/", path.subList(1, path.size()))) {
      case "" -> {
        PayloadContainer container =
            runner.task().containers().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
        Answers.json(
            exchange, 200, TaskMetadata.container(runner, container, seen(runner).get(name)));
      }
      case "task" ->
          Answers.json(exchange, 200, TaskMetadata.task(runner, seen(runner), availabilityZone));
      case "taskWithTags" -> {
        JsonObject document = TaskMetadata.task(runner, seen(runner), availabilityZone);
        for (var more : tags(taskArn).members().entrySet()) {
          document = document.with(more.getKey(), more.getValue());
        }
        Answers.json(exchange, 200, document);
      }
      case "stats" ->
          Answers.json(exchange, 200, guest.stats().of(runner.state().container(name).runtimeId()));
      case "task/stats" -> Answers.json(exchange, 200, guest.stats().of(ids(runner)));
      default -> Answers.json(exchange, 404, Answers.error("NotFound", "no such document"));
    }
  }

  private static List<String> ids(TaskRunner runner) {
    return runner.task().containers().stream()
        .map(c -> runner.state().container(c.name()).runtimeId())
        .filter(Objects::nonNull)
        .toList();
  }

  /** A task without a role of its own has nobody to ask as; that is what it is told. */
  private JsonObject tags(String taskArn) {
    RoleCredentials role = credentials.application(taskArn);
    return role == null ? JsonObject.EMPTY : asTask.tags().of(taskArn, role);
  }

  private Map<String, Container> seen(TaskRunner runner) throws IOException {
    var seen = new HashMap<String, Container>();
    for (PayloadContainer container : runner.task().containers()) {
      String id = runner.state().container(container.name()).runtimeId();
      Container there = id == null ? null : containers.inspect(id);
      if (there != null) {
        seen.put(container.name(), there);
      }
    }
    return seen;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
