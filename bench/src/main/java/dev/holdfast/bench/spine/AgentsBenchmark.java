// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.spine;

import dev.holdfast.aws.sigv4.Credentials;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Many agents at one server, played by one process; {@code bench/agents.sh} sets the environment.
 */
public final class AgentsBenchmark {
  private static final String CLUSTER = "fleet";
  private static final Duration TURN = Duration.ofSeconds(5);

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final URI endpoint = URI.create(env("AWS_ENDPOINT_URL"));
  private final Credentials credentials =
      new Credentials(
          env("AWS_ACCESS_KEY_ID"),
          env("AWS_SECRET_ACCESS_KEY"),
          System.getenv("AWS_SESSION_TOKEN"));

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
    try (var fleet = new Fleet(endpoint, credentials, CLUSTER)) {
      long began = System.nanoTime();
      for (int i = 0; i < agents; i++) {
        fleet.join();
      }
      out.printf("%d agents joined in %d ms%n", agents, since(began));
      began = System.nanoTime();
      List<String> tasks = start(fleet, agents);
      boolean all = fleet.await(tasks.size(), Duration.ofMinutes(2));
      out.printf(
          "%d tasks started in %d ms, %s%n",
          tasks.size(), since(began), all ? "all run" : fleet.started() + " run");
      measure(target, tasks, "warm");
      measure(target, tasks, "measured");
      held("with " + fleet.size() + " agents");
    }
  }

  private static long since(long began) {
    return Duration.ofNanos(System.nanoTime() - began).toMillis();
  }

  private static List<String> start(Fleet fleet, int count)
      throws IOException, InterruptedException {
    var tasks = new ArrayList<String>();
    for (int left = count; left > 0; left -= Fleet.AT_ONCE) {
      tasks.addAll(fleet.run("web", Math.min(left, Fleet.AT_ONCE)));
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
