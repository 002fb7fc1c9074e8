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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * The spine under load beside its peers, in rounds, so that a busy moment of the machine hits all
 * of them. What to call is in the environment; {@code bench/spine.sh} sets it.
 */
public final class SpineBenchmark {
  private static final String SSM = "AmazonSSM.";
  private static final String ECS = "AmazonEC2ContainerServiceV20141113.";

  /** Long enough for the compiler to have seen all of it, even where cores are shared. */
  private static final Duration WARM = Duration.ofSeconds(10);

  private static final Duration TURN = Duration.ofMillis(1_500);
  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final Map<String, List<Double>> rates = new LinkedHashMap<>();
  private final Map<String, List<Double>> slow = new LinkedHashMap<>();
  private final Map<String, List<Double>> cpu = new LinkedHashMap<>();
  private final StringBuilder table = new StringBuilder();

  private SpineBenchmark() {}

  /** One thing to measure; {@code process} is whose CPU seconds count. */
  private record Turn(
      String name, InetSocketAddress target, IntFunction<byte[]> request, long process) {}

  public static void main(String[] arguments) throws Exception {
    int rounds = Integer.parseInt(arguments[0]);
    new SpineBenchmark().run(rounds, Path.of(arguments[1]));
  }

  private void run(int rounds, Path scratch) throws Exception {
    List<Turn> turns = turns();
    try (var store = new StorePeer(Files.createDirectories(scratch.resolve("peer-store")))) {
      for (Turn turn : turns) {
        Load.run(turn.target(), turn.request(), warm());
      }
      for (int round = 0; round < rounds; round++) {
        for (Turn turn : turns()) {
          double before = Machine.cpu(turn.process());
          Load.Result result = Load.run(turn.target(), turn.request(), TURN);
          double used = Machine.cpu(turn.process()) - before;
          keep(rates, turn.name(), result.rate());
          keep(slow, turn.name(), result.slow() / 1e6);
          keep(cpu, turn.name(), used / (result.rate() * TURN.toNanos() / 1e9) * 1e6);
        }
        keep(rates, "RocksDB synced", store.run(TURN));
      }
    }
    report();
  }

  private static List<Turn> turns() {
    Map<String, String> env = System.getenv();
    URI ours = URI.create(env.getOrDefault("AWS_ENDPOINT_URL", ""));
    var credentials =
        new Credentials(
            env.getOrDefault("AWS_ACCESS_KEY_ID", ""),
            env.getOrDefault("AWS_SECRET_ACCESS_KEY", ""),
            env.get("AWS_SESSION_TOKEN"));
    var here = here(Integer.toString(ours.getPort()));
    var to = new Requests(ours.getAuthority(), credentials);
    long server = Long.parseLong(env.getOrDefault("SPINE_SERVER", "0"));
    var turns = new ArrayList<Turn>();
    byte[] health = to.get("/_holdfast/health");
    turns.add(new Turn("health", here, _ -> health, server));
    String jdk = env.getOrDefault("SPINE_JDK", "");
    if (!jdk.isEmpty()) {
      var there = here(jdk);
      var peer = new Requests("127.0.0.1:" + jdk, credentials);
      long pid = Long.parseLong(env.getOrDefault("SPINE_JDK_PID", "0"));
      byte[] same = peer.get("/_holdfast/health");
      turns.add(new Turn("JDK server", there, _ -> same, pid));
      byte[] write = peer.get("/write");
      turns.add(new Turn("JDK server, writes", there, _ -> write, pid));
    }
    String get = "{\"Name\":\"/bench/secret\",\"WithDecryption\":true}";
    byte[] parameter = to.json("ssm", SSM + "GetParameter", get);
    turns.add(new Turn("GetParameter", here, _ -> parameter, server));
    byte[] identity = to.form("sts", "Action=GetCallerIdentity&Version=2011-06-15");
    turns.add(new Turn("GetCallerIdentity", here, _ -> identity, server));
    String task = env.getOrDefault("SPINE_TASK", "");
    if (!task.isEmpty()) {
      byte[] describe = to.json("ecs", ECS + "DescribeTasks", "{\"tasks\":[\"" + task + "\"]}");
      turns.add(new Turn("DescribeTasks", here, _ -> describe, server));
    }
    String manifest = env.getOrDefault("SPINE_MANIFEST", "");
    if (!manifest.isEmpty()) {
      byte[] pull = to.get(manifest, Requests.basic("AWS", env.getOrDefault("SPINE_TOKEN", "")));
      turns.add(new Turn("manifest", here, _ -> pull, server));
    }
    turns.add(
        new Turn(
            "PutParameter",
            here,
            i ->
                to.json(
                    "ssm",
                    SSM + "PutParameter",
                    "{\"Name\":\"/bench/w%d\",\"Value\":\"%s\",\"Type\":\"String\",\"Overwrite\":true}"
                        .formatted(i, "v".repeat(100))),
            server));
    String moto = env.getOrDefault("SPINE_MOTO", "");
    if (!moto.isEmpty()) {
      var there = here(moto);
      byte[] same =
          new Requests("127.0.0.1:" + moto, credentials).json("ssm", SSM + "GetParameter", get);
      turns.add(
          new Turn(
              "moto GetParameter",
              there,
              _ -> same,
              Long.parseLong(env.getOrDefault("SPINE_MOTO_PID", "0"))));
    }
    String only = env.getOrDefault("SPINE_ONLY", "");
    return only.isEmpty()
        ? turns
        : turns.stream().filter(turn -> only.contains(turn.name())).toList();
  }

  /** Seconds may be said, for a profile of one call. */
  private static Duration warm() {
    String seconds = System.getenv("SPINE_WARM");
    return seconds == null ? WARM : Duration.ofSeconds(Long.parseLong(seconds));
  }

  private static InetSocketAddress here(String port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
  }

  private static void keep(Map<String, List<Double>> where, String name, double value) {
    where.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private void report() throws IOException {
    String load = Machine.load();
    out.printf("load average %s%n", load);
    out.printf("%-20s %10s %10s %14s%n", "what", "a second", "p99 ms", "CPU us a call");
    for (String name : rates.keySet()) {
      out.printf(
          "%-20s %10.0f %10s %14s%n",
          name,
          median(rates.get(name)),
          slow.containsKey(name) ? "%.2f".formatted(median(slow.get(name))) : "-",
          cpu.containsKey(name) ? "%.0f".formatted(median(cpu.get(name))) : "-");
    }
    ratio("health", "JDK server", 0.80);
    ratio("GetParameter", "health", 0.50);
    ratio("GetParameter", "moto GetParameter", 30);
    ratio("GetCallerIdentity", "health", 0.60);
    ratio("DescribeTasks", "health", 0.60);
    ratio("manifest", "health", 0.60);
    ratio("PutParameter", "RocksDB synced", 0.50);
    ratio("JDK server, writes", "RocksDB synced", Double.NaN);
    Machine.keep(
        "calls",
        """
        Calls over 16 connections, load average %s at the end:

        | what | a second | p99, ms | CPU of the server a call, us | beside it | a second | ratio | goal |
        | --- | --- | --- | --- | --- | --- | --- | --- |
        %s"""
            .formatted(load, table));
  }

  private void ratio(String what, String beside, double goal) {
    List<Double> left = rates.get(what);
    List<Double> right = rates.get(beside);
    if (left == null || right == null) {
      out.printf("%s / %s: not measured%n", what, beside);
      table.append("| %s | not measured | | | %s | | | |%n".formatted(what, beside));
      return;
    }
    double ratio = median(left) / median(right);
    String verdict =
        Double.isNaN(goal) ? "" : "%.2f: %s".formatted(goal, ratio >= goal ? "met" : "missed");
    out.printf("%s / %s: %.2f (goal %s)%n", what, beside, ratio, verdict);
    table.append(
        "| %s | %.0f | %.2f | %.0f | %s | %.0f | %.2f | %s |%n"
            .formatted(
                what,
                median(left),
                median(Objects.requireNonNull(slow.get(what))),
                median(Objects.requireNonNull(cpu.get(what))),
                beside,
                median(right),
                ratio,
                verdict));
  }
}
