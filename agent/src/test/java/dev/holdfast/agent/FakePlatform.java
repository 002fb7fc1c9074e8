// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.HeartbeatMessage;
import dev.holdfast.aws.agent.HostInstancesMessage;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.HttpServer;
import dev.holdfast.http.WebSocketConnection;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A platform of the tests' own: the agent's websockets, the API calls it makes, and one image. */
final class FakePlatform implements AutoCloseable {
  static final String INSTANCE =
      "arn:aws:ecs:us-east-1:111122223333:container-instance/demo/0123456789abcdef";
  static final String CLUSTER = "arn:aws:ecs:us-east-1:111122223333:cluster/demo";

  final BlockingQueue<AgentMessage> toInstance = new LinkedBlockingQueue<>();
  final BlockingQueue<AgentMessage> fromAgent = new LinkedBlockingQueue<>();
  final BlockingQueue<AgentMessage> telemetry = new LinkedBlockingQueue<>();
  final BlockingQueue<JsonObject> reports = new LinkedBlockingQueue<>();
  final BlockingQueue<String> callers = new LinkedBlockingQueue<>();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final HttpServer server;
  private final String digest;
  volatile boolean open = true;

  /** Whether an execution role that asks has an image; takes as long as a test wants. */
  volatile BooleanSupplier gives = () -> false;

  /** Whether the registry gives nobody a manifest. */
  volatile boolean denies;

  FakePlatform() throws IOException {
    this(0);
  }

  /** On a port that another one had. */
  FakePlatform(int port) throws IOException {
    byte[] layer = TestEngine.layer();
    String config =
        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\","
            + "\"diff_ids\":[\""
            + blob(layer)
            + "\"]}}";
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
         "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},
         "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":%d}]}
        """
            .formatted(
                blob(config.getBytes(StandardCharsets.UTF_8)),
                config.length(),
                blob(layer),
                layer.length);
    digest = blob(manifest.getBytes(StandardCharsets.UTF_8));
    server =
        HttpServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), this::handle);
  }

  private String blob(byte[] bytes) {
    String name = "sha256:" + Hashes.sha256Hex(bytes);
    blobs.put(name, bytes);
    return name;
  }

  String url() {
    return "http://" + authority();
  }

  int port() {
    return server.address().getPort();
  }

  private String authority() {
    return "127.0.0.1:" + server.address().getPort();
  }

  String image() {
    return authority() + "/111122223333/web@" + digest;
  }

  private void handle(Exchange exchange) throws IOException {
    String path = exchange.rawPath();
    if (path.startsWith("/v2/")) {
      registry(exchange, path);
    } else if (path.equals("/acs/host")) {
      exchange.upgrade(Duration.ofMinutes(1), this::host);
    } else if (path.equals("/acs/ws")) {
      exchange.upgrade(Duration.ofMinutes(1), this::instance);
    } else if (path.equals("/tacs/ws")) {
      exchange.upgrade(
          Duration.ofMinutes(1),
          connection -> {
            try {
              while (open) {
                connection.receive(Duration.ofMillis(100)).ifPresent(t -> take(telemetry, t));
              }
            } catch (IOException _) {
              // The agent has closed the stream.
            }
          });
    } else {
      api(exchange);
    }
  }

  private void host(WebSocketConnection connection) throws InterruptedException {
    try {
      var instance = new HostInstancesMessage.Instance(INSTANCE, CLUSTER, "us-east-1");
      connection.send(AgentFrame.text(new HeartbeatMessage("h1", true)));
      connection.send(AgentFrame.text(new HostInstancesMessage("n1", List.of(instance))));
      while (open) {
        connection.receive(Duration.ofMillis(100)).ifPresent(t -> take(fromAgent, t));
      }
    } catch (IOException _) {
      // The agent has closed the stream.
    }
  }

  private void instance(WebSocketConnection connection) throws InterruptedException {
    try {
      while (open) {
        AgentMessage next = toInstance.poll();
        if (next != null) {
          connection.send(AgentFrame.text(next));
        }
        connection.receive(Duration.ofMillis(20)).ifPresent(t -> take(fromAgent, t));
      }
    } catch (IOException _) {
      // The agent has closed the stream.
    }
  }

  private static void take(BlockingQueue<AgentMessage> queue, String text) {
    AgentMessage message = AgentFrame.read(text);
    if (message != null) {
      queue.add(message);
    }
  }

  private void api(Exchange exchange) throws IOException {
    String target = String.valueOf(exchange.header("X-Amz-Target"));
    String operation = target.substring(target.indexOf('.') + 1);
    JsonObject body = Json.parseObject(exchange.body().readAllBytes());
    callers.add(operation + " " + key(exchange.header("Authorization")));
    String answer =
        switch (operation) {
          case "SubmitTaskStateChange" -> {
            reports.add(body);
            yield "{\"acknowledgment\":\"ok\"}";
          }
          case "GetParameters" ->
              "{\"Parameters\":[{\"Name\":\"/shop/db\",\"Selector\":\":3\",\"Value\":\"s3cr3t\"}]}";
          case "GetSecretValue" ->
              "{\"ARN\":\"a\",\"SecretString\":\"{\\\"password\\\":\\\"h1dden\\\",\\\"port\\\":5432}\"}";
          case "BatchGetImage" ->
              gives.getAsBoolean()
                  ? "{\"images\":[{\"imageManifest\":\"{}\"}]}"
                  : "{\"images\":[]}";
          case "GetTaskProtection" ->
              "{\"protectedTasks\":[{\"taskArn\":\"t\",\"protectionEnabled\":true,\"expirationDate\":1795680000}]}";
          case "GetAuthorizationToken" ->
              "{\"authorizationData\":[{\"authorizationToken\":\""
                  + Base64.getEncoder().encodeToString("AWS:token".getBytes(StandardCharsets.UTF_8))
                  + "\"}]}";
          default -> "{\"forwarded\":\"" + exchange.header("Host") + "\"}";
        };
    exchange.respond(
        200,
        List.of(new Exchange.Header("Content-Type", "application/x-amz-json-1.1")),
        answer.getBytes(StandardCharsets.UTF_8));
  }

  private static String key(@Nullable String authorization) {
    String text = String.valueOf(authorization);
    int at = text.indexOf("Credential=");
    return at < 0 ? text : text.substring(at + 11, text.indexOf('/', at));
  }

  private void registry(Exchange exchange, String path) throws IOException {
    if (exchange.header("Authorization") == null) {
      exchange.respond(
          401,
          List.of(new Exchange.Header("WWW-Authenticate", "Basic realm=\"test\"")),
          new byte[0]);
      return;
    }
    String name = path.substring(path.lastIndexOf('/') + 1);
    byte[] bytes = blobs.get(name);
    if (path.equals("/v2/")) {
      exchange.respond(200, List.of(), new byte[0]);
    } else if (denies) {
      exchange.respond(
          403,
          List.of(new Exchange.Header("Content-Type", "application/json")),
          "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"not yours\"}]}"
              .getBytes(StandardCharsets.UTF_8));
    } else if (bytes == null) {
      exchange.respond(404, List.of(), new byte[0]);
    } else {
      String type =
          path.contains("/manifests/")
              ? "application/vnd.oci.image.manifest.v1+json"
              : "application/octet-stream";
      exchange.respond(
          200,
          List.of(
              new Exchange.Header("Content-Type", type),
              new Exchange.Header("Docker-Content-Digest", name)),
          bytes);
    }
  }

  @Override
  public void close() {
    open = false;
    server.close();
  }
}
