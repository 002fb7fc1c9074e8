// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.aws.agent.AckRequest;
import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.HeartbeatAckRequest;
import dev.holdfast.aws.agent.HeartbeatMessage;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.TaskManifestMessage;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.aws.sigv4.Signer;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An agent without containers: it speaks the real protocol, and what it is told to run runs at
 * once, until it is told to stop it.
 */
final class StandInAgent implements AutoCloseable {
  private static final String HOST =
      """
      {"cluster":"%s","totalResources":[{"name":"CPU","type":"INTEGER","integerValue":100000000},
       {"name":"MEMORY","type":"INTEGER","integerValue":100000000}],
       "versionInfo":{"agentVersion":"1.0.0"}}"""
          .formatted(TaskWrites.HARBOR);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final LinkedBlockingQueue<AgentMessage> heard = new LinkedBlockingQueue<>();
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger stopped = new AtomicInteger();
  private final Writing client;
  private final URI url;
  private final String instance;
  private final Set<String> tasks;
  private final Thread thread;
  private volatile WebSocket socket;
  private volatile boolean closed;

  private StandInAgent(Writing client, URI url, String instance)
      throws IOException, InterruptedException {
    this.client = client;
    this.url = url;
    this.instance = instance;
    this.socket = connect(client, url, instance);
    this.tasks = manifest();
    this.thread = Thread.ofVirtual().name("stand-in-agent").start(this::serve);
  }

  /** Registers a host of great size; returns the ARN of its container instance. */
  static String register(Writing client) throws IOException, InterruptedException {
    JsonObject answer = client.call(EcsModel.REGISTER_CONTAINER_INSTANCE, Json.parseObject(HOST));
    return Harbor.text(answer.object("containerInstance"), "containerInstanceArn");
  }

  /** Connects as the agent of an instance, and is told which tasks are its own. */
  static StandInAgent connect(Writing client, String instance)
      throws IOException, InterruptedException {
    return new StandInAgent(client, client.url(), instance);
  }

  /** The tasks that the platform told of at the beginning, by ARN. */
  Set<String> tasks() {
    return tasks;
  }

  int started() {
    return started.get();
  }

  int stopped() {
    return stopped.get();
  }

  private WebSocket connect(Writing to, URI url, String instance) throws IOException {
    String query =
        "agentVersion=1.0.0&containerInstanceArn="
            + URLEncoder.encode(instance, StandardCharsets.UTF_8);
    var unsigned =
        new SignedRequest(
            "GET",
            "/acs/ws",
            query,
            List.of(new SignedRequest.Header("Host", url.getRawAuthority())));
    WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(60));
    Signer.sign(
            unsigned,
            new byte[0],
            to.home().administrator(),
            Harbor.REGION.name(),
            "ecs",
            to.clock().instant())
        .forEach(header -> builder.header(header.name(), header.value()));
    try {
      return builder
          .buildAsync(
              URI.create("ws://" + url.getRawAuthority() + "/acs/ws?" + query), new Listener())
          .join();
    } catch (CompletionException e) {
      throw new IOException("the platform takes no agent", e);
    }
  }

  private Set<String> manifest() throws IOException, InterruptedException {
    while (true) {
      AgentMessage message = heard.poll(20, TimeUnit.SECONDS);
      switch (message) {
        case null -> throw new IOException("the platform is silent");
        case TaskManifestMessage manifest -> {
          say(
              new AckRequest(
                  manifest.clusterArn(), manifest.containerInstanceArn(), manifest.messageId()));
          return manifest.tasks().stream()
              .map(task -> String.valueOf(task.taskArn()))
              .collect(Collectors.toUnmodifiableSet());
        }
        case HeartbeatMessage beat -> say(new HeartbeatAckRequest(beat.messageId()));
        default -> {}
      }
    }
  }

  private void serve() {
    try {
      while (!closed) {
        if (socket.isInputClosed() && heard.isEmpty()) {
          // An agent comes back where it was taken for silent, as on a machine that is busy.
          socket = connect(client, url, instance);
          var _ = manifest();
        }
        switch (heard.poll(200, TimeUnit.MILLISECONDS)) {
          case PayloadMessage payload -> take(payload);
          case HeartbeatMessage beat -> say(new HeartbeatAckRequest(beat.messageId()));
          case null, default -> {}
        }
      }
    } catch (IOException | CompletionException | InterruptedException _) {
      // the platform was killed, or this agent closed
    }
  }

  private void take(PayloadMessage payload) throws IOException, InterruptedException {
    say(new AckRequest(payload.clusterArn(), payload.containerInstanceArn(), payload.messageId()));
    for (PayloadTask task : payload.tasks()) {
      report(payload.clusterArn(), task);
    }
  }

  private void report(String cluster, PayloadTask task) throws IOException, InterruptedException {
    String status = task.desiredStatus();
    JsonObject report =
        Json.parseObject(
            "{\"containers\":[{\"containerName\":\"web\",\"runtimeId\":\"r\",\"status\":\"%s\"}]}"
                .formatted(status));
    var _ =
        client.call(
            EcsModel.SUBMIT_TASK_STATE_CHANGE,
            report.with("cluster", cluster).with("task", task.arn()).with("status", status));
    (status.equals("STOPPED") ? stopped : started).incrementAndGet();
  }

  private void say(AgentMessage message) {
    socket.sendText(AgentFrame.text(message), true).join();
  }

  @Override
  public void close() {
    closed = true;
    socket.abort();
    http.shutdownNow();
    try {
      boolean _ = thread.join(java.time.Duration.ofSeconds(10));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket peer, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        AgentMessage message = AgentFrame.read(text.toString());
        text.setLength(0);
        if (message != null) {
          heard.add(message);
        }
      }
      peer.request(1);
      return null;
    }
  }
}
