// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.spine;

import dev.holdfast.aws.agent.AckRequest;
import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.HeartbeatAckRequest;
import dev.holdfast.aws.agent.HeartbeatMessage;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.TaskManifestMessage;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.ecs.Attribute;
import dev.holdfast.aws.ecs.ContainerStateChange;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.PlacementConstraint;
import dev.holdfast.aws.ecs.PlacementStrategy;
import dev.holdfast.aws.ecs.RegisterContainerInstanceRequest;
import dev.holdfast.aws.ecs.Resource;
import dev.holdfast.aws.ecs.RunTaskRequest;
import dev.holdfast.aws.ecs.SubmitTaskStateChangeRequest;
import dev.holdfast.aws.ecs.Task;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.aws.sigv4.Signer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stand-in agents of one cluster, played by this process over the real protocol: what they are told
 * to run runs at once, and what they are told to stop has stopped.
 */
final class Fleet implements AutoCloseable {
  private static final String REGION = "us-east-1";

  /**
   * A constraint that keeps tasks from this machine's own agent, which takes those of any cluster.
   */
  static final String OURS = "attribute:number exists";

  /** As many as one RunTask may start. */
  static final int AT_ONCE = 10;

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentLinkedQueue<WebSocket> sockets = new ConcurrentLinkedQueue<>();
  private final Semaphore running = new Semaphore(0);
  private final URI endpoint;
  private final Credentials credentials;
  private final String cluster;
  private final AwsClient client;

  Fleet(URI endpoint, Credentials credentials, String cluster) {
    this.endpoint = endpoint;
    this.credentials = credentials;
    this.cluster = cluster;
    this.client = new AwsClient(http, endpoint, REGION, () -> credentials, InstantSource.system());
  }

  /** How many agents there are. */
  int size() {
    return sockets.size();
  }

  /** Registers a host of its own and connects as its agent. */
  void join() throws IOException, InterruptedException {
    String instance = register(sockets.size());
    String query =
        "agentVersion=1.0.0&dockerVersion=1&sendCredentials=true&containerInstanceArn="
            + URLEncoder.encode(instance, StandardCharsets.UTF_8);
    var host = new SignedRequest.Header("Host", endpoint.getAuthority());
    var request = new SignedRequest("GET", "/acs/ws", query, List.of(host));
    WebSocket.Builder builder = http.newWebSocketBuilder();
    for (SignedRequest.Header header :
        Signer.sign(request, new byte[0], credentials, REGION, "ecs", Instant.now())) {
      builder.header(header.name(), header.value());
    }
    URI uri = URI.create("ws://" + endpoint.getAuthority() + "/acs/ws?" + query);
    var agent = new Agent();
    WebSocket socket = builder.buildAsync(uri, agent).join();
    sockets.add(socket);
    threads.execute(() -> agent.serve(socket));
  }

  private String register(int number) throws IOException, InterruptedException {
    var made =
        client
            .call(
                EcsModel.REGISTER_CONTAINER_INSTANCE,
                RegisterContainerInstanceRequest.builder()
                    .cluster(cluster)
                    .attributes(
                        List.of(
                            Attribute.builder().name("number").value("n" + number).build(),
                            Attribute.builder()
                                .name("ecs.cpu-architecture")
                                .value("x86_64")
                                .build()))
                    .totalResources(List.of(amount("CPU", 4096), amount("MEMORY", 16_384)))
                    .build())
            .containerInstance();
    return String.valueOf(Objects.requireNonNull(made).containerInstanceArn());
  }

  private static Resource amount(String name, int value) {
    return Resource.builder().name(name).type("INTEGER").integerValue(value).build();
  }

  /** Starts tasks, {@link #AT_ONCE} at most, spread over the hosts; returns their ARNs. */
  List<String> run(String definition, int count) throws IOException, InterruptedException {
    return client
        .call(
            EcsModel.RUN_TASK,
            RunTaskRequest.builder()
                .cluster(cluster)
                .taskDefinition(definition)
                .count(count)
                .placementConstraints(
                    List.of(
                        PlacementConstraint.builder().type("memberOf").expression(OURS).build()))
                .placementStrategy(
                    List.of(PlacementStrategy.builder().type("spread").field("instanceId").build()))
                .build())
        .tasks()
        .stream()
        .map(Task::taskArn)
        .map(String::valueOf)
        .toList();
  }

  /** Waits until so many more tasks run; whether they do. */
  boolean await(int count, Duration limit) throws InterruptedException {
    return running.tryAcquire(count, limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How many tasks run that nobody waited for. */
  int started() {
    return running.availablePermits();
  }

  private void report(PayloadTask task) {
    String status = "STOPPED".equals(task.desiredStatus()) ? "STOPPED" : "RUNNING";
    var container = ContainerStateChange.builder().containerName("app").status(status).build();
    try {
      var _ =
          client.call(
              EcsModel.SUBMIT_TASK_STATE_CHANGE,
              SubmitTaskStateChangeRequest.builder()
                  .cluster(cluster)
                  .task(task.arn())
                  .status(status)
                  .containers(List.of(container))
                  .build());
      if (status.equals("RUNNING")) {
        running.release();
      }
    } catch (IOException e) {
      out.println("a report was not taken: " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** One agent: it listens on the client's threads, and answers on one of its own. */
  private final class Agent implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private final LinkedBlockingQueue<AgentMessage> heard = new LinkedBlockingQueue<>();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        AgentMessage message = AgentFrame.read(text.toString());
        text.setLength(0);
        if (message != null) {
          heard.add(message);
        }
      }
      socket.request(1);
      return null;
    }

    void serve(WebSocket socket) {
      try {
        while (!socket.isInputClosed()) {
          switch (heard.poll(1, TimeUnit.SECONDS)) {
            case HeartbeatMessage beat -> say(socket, new HeartbeatAckRequest(beat.messageId()));
            case TaskManifestMessage told ->
                say(
                    socket,
                    new AckRequest(
                        told.clusterArn(), told.containerInstanceArn(), told.messageId()));
            case PayloadMessage told -> {
              say(
                  socket,
                  new AckRequest(told.clusterArn(), told.containerInstanceArn(), told.messageId()));
              told.tasks().forEach(Fleet.this::report);
            }
            case null, default -> {}
          }
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    private static void say(WebSocket socket, AgentMessage message) {
      socket.sendText(AgentFrame.text(message), true).join();
    }
  }

  @Override
  public void close() {
    sockets.forEach(WebSocket::abort);
    threads.shutdownNow();
    http.shutdownNow();
  }
}
