// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.spine;

import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.HeartbeatAckRequest;
import dev.holdfast.aws.agent.HeartbeatMessage;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.ecs.Attribute;
import dev.holdfast.aws.ecs.ContainerStateChange;
import dev.holdfast.aws.ecs.EcsModel;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Many agents at one server, played by one process; {@code bench/agents.sh} sets the environment.
 */
public final class AgentsBenchmark {
  private static final String CLUSTER = "fleet";
  private static final String REGION = "us-east-1";
  private static final Duration TURN = Duration.ofSeconds(5);
  private static final int AT_ONCE = 10;

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI endpoint = URI.create(env("AWS_ENDPOINT_URL"));
  private final Credentials credentials =
      new Credentials(
          env("AWS_ACCESS_KEY_ID"),
          env("AWS_SECRET_ACCESS_KEY"),
          System.getenv("AWS_SESSION_TOKEN"));
  private final AwsClient client =
      new AwsClient(http, endpoint, REGION, () -> credentials, InstantSource.system());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentLinkedQueue<WebSocket> sockets = new ConcurrentLinkedQueue<>();
  private final Semaphore running = new Semaphore(0);

  private AgentsBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    new AgentsBenchmark().run(Integer.parseInt(arguments[0]));
  }

  private static String env(String name) {
    return System.getenv().getOrDefault(name, "");
  }

  private void run(int agents) throws Exception {
    InetSocketAddress target =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.getPort());
    out.printf("load average %s%n", Files.readString(Path.of("/proc/loadavg")).strip());
    held("before");
    Instant began = Instant.now();
    for (int i = 0; i < agents; i++) {
      connect(register(i));
    }
    out.printf("%d agents joined in %d ms%n", agents, since(began));
    began = Instant.now();
    List<String> tasks = start(agents);
    boolean all = running.tryAcquire(tasks.size(), 120, TimeUnit.SECONDS);
    out.printf(
        "%d tasks started in %d ms, %s%n",
        tasks.size(), since(began), all ? "all run" : running.availablePermits() + " run");
    measure(target, tasks, "warm");
    measure(target, tasks, "measured");
    held("with " + sockets.size() + " agents");
    sockets.forEach(WebSocket::abort);
    threads.shutdownNow();
    http.shutdownNow();
  }

  private static long since(Instant began) {
    return Duration.between(began, Instant.now()).toMillis();
  }

  private String register(int number) throws IOException, InterruptedException {
    var made =
        client
            .call(
                EcsModel.REGISTER_CONTAINER_INSTANCE,
                RegisterContainerInstanceRequest.builder()
                    .cluster(CLUSTER)
                    .attributes(
                        List.of(
                            Attribute.builder().name("number").value("n" + number).build(),
                            Attribute.builder()
                                .name("ecs.cpu-architecture")
                                .value("x86_64")
                                .build()))
                    .totalResources(List.of(amount("CPU", 4096), amount("MEMORY", 8192)))
                    .build())
            .containerInstance();
    return String.valueOf(Objects.requireNonNull(made).containerInstanceArn());
  }

  private static Resource amount(String name, int value) {
    return Resource.builder().name(name).type("INTEGER").integerValue(value).build();
  }

  private void connect(String instance) {
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
    sockets.add(builder.buildAsync(uri, new Agent()).join());
  }

  /** An agent that says of each task that it runs. */
  private final class Agent implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        AgentMessage message = AgentFrame.read(text.toString());
        text.setLength(0);
        if (message instanceof HeartbeatMessage beat) {
          var answer = new HeartbeatAckRequest(beat.messageId());
          var _ = socket.sendText(AgentFrame.text(answer), true);
        } else if (message instanceof PayloadMessage payload) {
          payload.tasks().forEach(task -> threads.execute(() -> runs(task)));
        }
      }
      socket.request(1);
      return null;
    }
  }

  private void runs(PayloadTask task) {
    var container = ContainerStateChange.builder().containerName("app").status("RUNNING").build();
    try {
      var _ =
          client.call(
              EcsModel.SUBMIT_TASK_STATE_CHANGE,
              SubmitTaskStateChangeRequest.builder()
                  .cluster(CLUSTER)
                  .task(task.arn())
                  .status("RUNNING")
                  .containers(List.of(container))
                  .build());
      running.release();
    } catch (IOException e) {
      out.println("a report was not taken: " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> start(int count) throws IOException, InterruptedException {
    var tasks = new ArrayList<String>();
    for (int left = count; left > 0; left -= AT_ONCE) {
      client
          .call(
              EcsModel.RUN_TASK,
              RunTaskRequest.builder()
                  .cluster(CLUSTER)
                  .taskDefinition("web")
                  .count(Math.min(left, AT_ONCE))
                  .placementStrategy(
                      List.of(
                          PlacementStrategy.builder().type("spread").field("instanceId").build()))
                  .build())
          .tasks()
          .stream()
          .map(Task::taskArn)
          .map(String::valueOf)
          .forEach(tasks::add);
    }
    return tasks;
  }

  private void measure(InetSocketAddress target, List<String> tasks, String what)
      throws IOException, InterruptedException {
    var to = new Requests(endpoint.getAuthority(), credentials);
    Load.Result result =
        Load.run(
            target,
            i ->
                to.json(
                    "ecs",
                    "AmazonEC2ContainerServiceV20141113.DescribeTasks",
                    "{\"cluster\":\"%s\",\"tasks\":[\"%s\"]}"
                        .formatted(CLUSTER, tasks.get(i * 31 % tasks.size()))),
            TURN);
    out.printf(
        "DescribeTasks, %s: %.0f a second, median %.2f ms, p99 %.2f ms%n",
        what, result.rate(), result.median() / 1e6, result.slow() / 1e6);
  }

  /** What the server's process holds; its heap is asked for by the JDK's own tool. */
  private void held(String when) throws IOException {
    String pid = env("AGENTS_SERVER");
    var found = new ArrayList<String>();
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmRSS") || line.startsWith("Threads")) {
        found.add(line.replaceAll("\\s+", " "));
      }
    }
    out.printf("server %s: %s, files %d%n", when, found, files(pid));
  }

  private static long files(String pid) throws IOException {
    try (var open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return open.count();
    }
  }
}
