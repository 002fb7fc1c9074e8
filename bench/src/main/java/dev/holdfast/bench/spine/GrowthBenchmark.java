// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.spine;

import dev.holdfast.aws.sigv4.Credentials;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;

/**
 * What a call costs among a thousand, ten thousand and a hundred thousand parameters, roles, images
 * and running tasks: one connection, medians. A point read or write is to stay flat, a list to cost
 * what its page holds. Other sizes may be said as arguments.
 */
public final class GrowthBenchmark {
  private static final List<Integer> SIZES = List.of(1_000, 10_000, 100_000);
  private static final int WARM = 1_500;
  private static final int CALLS = 1_000;

  /** Of a call that makes a task or ends one: fewer, so that there are about as many after it. */
  private static final int CHANGES = 100;

  private static final String ECS = "AmazonEC2ContainerServiceV20141113.";
  private static final String TRUST =
      "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C"
          + "%22Principal%22%3A%7B%22Service%22%3A%22ecs-tasks.amazonaws.com%22%7D%2C"
          + "%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D";

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final InetSocketAddress here;
  private final Requests to;
  private final GrowingImages images;
  private final GrowingTasks tasks;
  private final long server;
  private int made;

  private GrowthBenchmark(InetSocketAddress here, Requests to, GrowingTasks tasks, long server) {
    this.here = here;
    this.to = to;
    this.images = GrowingImages.of(to);
    this.tasks = tasks;
    this.server = server;
  }

  /** What one call cost: the median in nanoseconds, and the server's CPU time in microseconds. */
  private record Cost(long median, double cpu) {}

  /** The endpoint and the credentials are in the environment. */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> env = System.getenv();
    URI url = URI.create(env.getOrDefault("AWS_ENDPOINT_URL", ""));
    var credentials =
        new Credentials(
            env.getOrDefault("AWS_ACCESS_KEY_ID", ""),
            env.getOrDefault("AWS_SECRET_ACCESS_KEY", ""),
            env.get("AWS_SESSION_TOKEN"));
    List<Integer> sizes =
        arguments.length == 0
            ? SIZES
            : Arrays.stream(arguments).map(Integer::valueOf).sorted().toList();
    long server = Long.parseLong(env.getOrDefault("SPINE_SERVER", "0"));
    try (var fleet = new Fleet(url, credentials, GrowingTasks.CLUSTER)) {
      new GrowthBenchmark(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort()),
              new Requests(url.getAuthority(), credentials),
              new GrowingTasks(fleet),
              server)
          .run(sizes);
    }
  }

  private void run(List<Integer> sizes) throws IOException, InterruptedException {
    var table = new LinkedHashMap<String, List<Cost>>();
    var loads = new ArrayList<String>();
    for (int size : sizes) {
      grow(size);
      for (Map.Entry<String, IntFunction<byte[]>> call : calls().entrySet()) {
        table
            .computeIfAbsent(call.getKey(), _ -> new ArrayList<>())
            .add(cost(call.getKey(), call.getValue()));
      }
      loads.add(Machine.load());
    }
    report(sizes, loads, table);
  }

  private void report(List<Integer> sizes, List<String> loads, Map<String, List<Cost>> table)
      throws IOException {
    var text = new StringBuilder();
    text.append(
        "Microseconds a call over one connection among so many parameters, roles, images and tasks"
            + " each, load average %s:%n%n| |".formatted(String.join(", ", loads)));
    sizes.forEach(size -> text.append(" %,d |".formatted(size)));
    text.append(" growth | CPU of the server a call, last, us |%n| --- |".formatted());
    text.append(" --- |".repeat(sizes.size() + 2)).append('\n');
    table.forEach(
        (name, costs) -> {
          text.append("| ").append(name).append(" |");
          costs.forEach(cost -> text.append(" %,d |".formatted(cost.median() / 1000)));
          double growth = (double) costs.getLast().median() / costs.getFirst().median();
          text.append(" %.1f | %.0f |%n".formatted(growth, costs.getLast().cpu()));
        });
    out.print(text);
    Machine.keep("growth", text.toString());
  }

  private void grow(int size) throws IOException, InterruptedException {
    List<Callable<long[]>> work = new ArrayList<>();
    int first = made;
    try (var connection = new Connection(here)) {
      for (int i = first; i < size; i++) {
        for (byte[] request : images.before(i)) {
          expect(connection.exchange(request));
        }
      }
    }
    for (int writer = 0; writer < Load.CONNECTIONS; writer++) {
      int start = first + writer;
      work.add(
          () -> {
            try (var connection = new Connection(here)) {
              for (int i = start; i < size; i += Load.CONNECTIONS) {
                expect(connection.exchange(put(i)));
                expect(connection.exchange(role(i)));
                expect(connection.exchange(images.push(i)));
              }
            }
            return new long[0];
          });
    }
    long[] _ = Load.together(work);
    tasks.grow(size);
    made = size;
  }

  private static void expect(int status) throws IOException {
    if (status != 200 && status != 201) {
      throw new IOException("status " + status + " of a request that was to succeed");
    }
  }

  private byte[] put(int i) {
    return ssm(
        "PutParameter",
        "{\"Name\":\"/growth/%d/%d\",\"Value\":\"v\",\"Type\":\"String\",\"Overwrite\":true}"
            .formatted(i % 100, i));
  }

  private byte[] role(int i) {
    return iam("CreateRole&RoleName=growth" + i + "&AssumeRolePolicyDocument=" + TRUST);
  }

  private byte[] ssm(String operation, String body) {
    return to.json("ssm", "AmazonSSM." + operation, body);
  }

  private byte[] ecs(String operation, String body) {
    return to.json("ecs", ECS + operation, body);
  }

  private byte[] iam(String action) {
    return to.form("iam", "Version=2010-05-08&Action=" + action);
  }

  private Map<String, IntFunction<byte[]>> calls() {
    var calls = new LinkedHashMap<String, IntFunction<byte[]>>();
    calls.put(
        "GetParameter",
        i -> ssm("GetParameter", "{\"Name\":\"/growth/%d/%d\"}".formatted(at(i) % 100, at(i))));
    calls.put("PutParameter", i -> put(at(i)));
    calls.put("DescribeParameters of 10", _ -> ssm("DescribeParameters", "{\"MaxResults\":10}"));
    calls.put("DescribeParameters of 50", _ -> ssm("DescribeParameters", "{\"MaxResults\":50}"));
    calls.put(
        "GetParametersByPath of 10",
        i ->
            ssm(
                "GetParametersByPath",
                "{\"Path\":\"/growth/%d\",\"MaxResults\":10}".formatted(i % 100)));
    calls.put("GetRole", i -> iam("GetRole&RoleName=growth" + at(i)));
    calls.put("ListRoles of 100", _ -> iam("ListRoles&MaxItems=100"));
    calls.put("manifest by tag", i -> images.byTag(at(i)));
    calls.put("push of a manifest", i -> images.push(at(i)));
    calls.put("ListImages of 10", i -> images.list(at(i), 10));
    calls.put("ListImages of 100", i -> images.list(at(i), 100));
    calls.put("DescribeTasks of one", i -> ecs("DescribeTasks", tasks.one(i)));
    calls.put("ListTasks of 10", _ -> ecs("ListTasks", GrowingTasks.page(10)));
    calls.put("ListTasks of 100", _ -> ecs("ListTasks", GrowingTasks.page(100)));
    calls.put("RunTask", _ -> ecs("RunTask", tasks.another()));
    calls.put("StopTask", _ -> ecs("StopTask", tasks.ended()));
    return calls;
  }

  /** Spread over all there are, so that nothing stays at hand by chance. */
  private int at(int i) {
    return (int) ((i * 7_919L) % made);
  }

  private Cost cost(String name, IntFunction<byte[]> request) throws IOException {
    boolean change = name.equals("RunTask") || name.equals("StopTask");
    int warm = change ? CHANGES : WARM;
    int calls = change ? CHANGES : CALLS;
    long[] times = new long[calls];
    double before = 0;
    try (var connection = new Connection(here)) {
      for (int i = -warm; i < calls; i++) {
        if (i == 0) {
          before = Machine.cpu(server);
        }
        byte[] bytes = request.apply(Math.abs(i));
        long began = System.nanoTime();
        expect(connection.exchange(bytes));
        if (i >= 0) {
          times[i] = System.nanoTime() - began;
        }
      }
    }
    double used = Machine.cpu(server) - before;
    Arrays.sort(times);
    return new Cost(times[calls / 2], used / calls * 1e6);
  }
}
