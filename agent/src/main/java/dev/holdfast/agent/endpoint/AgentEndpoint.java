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
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What containers find at 169.254.170.2: their role's credentials, metadata of their task, and the
 * platform's API. There is one listener per task, on the gateway of its own network, which serves
 * that task alone.
 */
public final class AgentEndpoint implements TaskHost.NetworkGate {
  private static final Logger LOG = Logger.getLogger(AgentEndpoint.class.getName());

  private final int port;
  private final TaskCredentials credentials;
  private final Containers containers;
  private final PlatformForward platform;
  private final String availabilityZone;
  private final Function<String, @Nullable TaskRunner> tasks;
  private final Map<String, HttpServer> servers = new ConcurrentHashMap<>();
  private final TaskGate.Common common = new TaskGate.Common();

  static {
    // Each of these is of one listener, which is one task's: who opens more connections than that,
    // or sends its requests in drops, is in nobody's way but its own. Times are in seconds.
    System.setProperty("jdk.httpserver.maxConnections", "128");
    System.setProperty("sun.net.httpserver.maxReqTime", "30");
    System.setProperty("sun.net.httpserver.maxRspTime", "150");
  }

  /**
   * Makes the endpoint; nothing listens yet.
   *
   * @param port the port on each gateway that the firewall redirects to
   * @param tasks finds a task by its ARN
   */
  public AgentEndpoint(
      int port,
      TaskCredentials credentials,
      Containers containers,
      PlatformForward platform,
      String availabilityZone,
      Function<String, @Nullable TaskRunner> tasks) {
    this.port = port;
    this.credentials = credentials;
    this.containers = containers;
    this.platform = platform;
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
    var gate = new TaskGate(common);
    server.createContext("/", exchange -> serve(exchange, network, gate));
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

  private void serve(HttpExchange exchange, TaskNetwork network, TaskGate gate) throws IOException {
    try (exchange;
        TaskGate.Place place = gate.request().orElse(null)) {
      // The firewall lets nobody else in; where it was tampered with, this still holds.
      if (!from(exchange, network)) {
        Answers.json(exchange, 403, Answers.error("Forbidden", "not a container of this task"));
        return;
      }
      if (place == null) {
        Answers.throttled(exchange);
        return;
      }
      route(exchange, network.taskArn(), gate);
    } catch (RuntimeException e) {
      LOG.log(Level.SEVERE, "call from " + network.taskArn() + " failed", e);
    }
  }

  private void route(HttpExchange exchange, String taskArn, TaskGate gate) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path == null) {
      Answers.json(exchange, 400, Answers.error("BadRequest", "the request names no path"));
    } else if (path.startsWith("/v2/credentials/")) {
      credentials(exchange, taskArn, path.substring("/v2/credentials/".length()));
    } else if (path.equals("/v1/credentials")) {
      String query = exchange.getRequestURI().getQuery();
      boolean named = query != null && query.startsWith("id=");
      credentials(exchange, taskArn, named && query != null ? query.substring(3) : "");
    } else if (path.startsWith("/v4/") || path.startsWith("/v3/")) {
      try (TaskGate.Place place = gate.engine().orElse(null)) {
        if (place == null) {
          Answers.throttled(exchange);
        } else {
          metadata(exchange, taskArn, List.of(path.substring(4).split("/", -1)));
        }
      }
    } else if (path.startsWith("/api/")) {
      Answers.json(exchange, 404, Answers.error("NotFound", "not served by this agent"));
    } else if (PlatformForward.isSigned(exchange)) {
      platform.forward(exchange, gate);
    } else {
      Answers.json(
          exchange,
          403,
          Answers.error("MissingAuthenticationToken", "only signed calls are taken further"));
    }
  }

  private static boolean from(HttpExchange exchange, TaskNetwork network) {
    String address = exchange.getRemoteAddress().getAddress().getHostAddress();
    return Subnet.parse(network.subnet()).overlaps(Subnet.parse(address));
  }

  private void credentials(HttpExchange exchange, String taskArn, String id) throws IOException {
    RoleCredentials role = credentials.application(taskArn);
    TaskRunner runner = tasks.apply(taskArn);
    if (role == null && runner != null && runner.hasRole()) {
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

  private static boolean same(String left, String right) {
    return MessageDigest.isEqual(
        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }

  private void metadata(HttpExchange exchange, String taskArn, List<String> path)
      throws IOException {
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
      case "task", "taskWithTags" ->
          Answers.json(exchange, 200, TaskMetadata.task(runner, seen(runner), availabilityZone));
      case "stats" -> Answers.json(exchange, 200, stats(runner, name));
      case "task/stats" -> {
        JsonObject all = JsonObject.EMPTY;
        for (PayloadContainer container : runner.task().containers()) {
          String id = runner.state().container(container.name()).runtimeId();
          if (id != null) {
            all = all.with(id, stats(runner, container.name()));
          }
        }
        Answers.json(exchange, 200, all);
      }
      default -> Answers.json(exchange, 404, Answers.error("NotFound", "no such document"));
    }
  }

  private JsonObject stats(TaskRunner runner, String name) {
    String id = runner.state().container(name).runtimeId();
    try {
      return id == null ? JsonObject.EMPTY : containers.stats(id);
    } catch (IOException _) {
      return JsonObject.EMPTY;
    }
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
