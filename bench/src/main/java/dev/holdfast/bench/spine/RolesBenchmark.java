// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.spine;

import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sts.AssumeRoleRequest;
import dev.holdfast.aws.sts.AssumeRoleResponse;
import dev.holdfast.aws.sts.GetCallerIdentityRequest;
import dev.holdfast.aws.sts.StsModel;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * A server that is started again among many roles and open sessions: how long until it serves,
 * beside its start with none, and what the first call of each session costs, whose policies nobody
 * has asked for since.
 */
public final class RolesBenchmark {
  private static final int DOCUMENTS = 10;
  private static final int STATEMENTS = 12;
  private static final int STARTS = 3;
  private static final String VERSION = "{\"Version\":\"2012-10-17\",\"Statement\":";

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final String data;
  private final URI url;
  private final InetSocketAddress here;
  private final Requests to;
  private final AwsClient client;

  private RolesBenchmark(String data, URI url, Credentials operator) {
    this.data = data;
    this.url = url;
    this.here = new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort());
    this.to = new Requests(url.getAuthority(), operator);
    this.client =
        new AwsClient(
            HttpClient.newHttpClient(), url, "us-east-1", () -> operator, InstantSource.system());
  }

  /**
   * Arguments: the data directory, how many roles, and how many sessions; the endpoint and the
   * credentials are in the environment.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Map<String, String> env = System.getenv();
    var operator =
        new Credentials(
            env.getOrDefault("AWS_ACCESS_KEY_ID", ""),
            env.getOrDefault("AWS_SECRET_ACCESS_KEY", ""),
            env.get("AWS_SESSION_TOKEN"));
    var benchmark =
        new RolesBenchmark(
            arguments[0], URI.create(env.getOrDefault("AWS_ENDPOINT_URL", "")), operator);
    benchmark.run(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
  }

  private void run(int roles, int sessions) throws IOException, InterruptedException {
    long alone = start();
    String account =
        String.valueOf(
            client.call(StsModel.GET_CALLER_IDENTITY, new GetCallerIdentityRequest()).account());
    make(account, roles);
    List<Credentials> open = open(account, Math.min(roles, sessions));
    long among = start();
    long[] first = calls(open);
    long[] again = calls(open);
    String table =
        """
        Started among %,d roles whose policies are of %d documents, with %,d open sessions, medians of %d; load average %s.

        | what | measured | beside it | goal |
        | --- | --- | --- | --- |
        | `./holdfast up --detach`, until it serves | %,d ms | with no roles %,d ms | 3,000 ms |
        | first call of each session after the start, median | %,d us | the second %,d us | |
        | the same, slowest of a hundred | %,d us | %,d us | |
        """
            .formatted(
                roles,
                DOCUMENTS,
                open.size(),
                STARTS,
                Machine.load(),
                among,
                alone,
                at(first, 0.5),
                at(again, 0.5),
                at(first, 0.99),
                at(again, 0.99));
    out.print(table);
    Machine.keep("roles", table);
  }

  /** Milliseconds of a start, the median of some. */
  private long start() throws IOException, InterruptedException {
    long[] times = new long[STARTS];
    for (int i = 0; i < STARTS; i++) {
      holdfast("down", "--keep-tasks", "--data-dir", data);
      long began = System.nanoTime();
      holdfast("up", "--detach", "--data-dir", data, "--port", Integer.toString(url.getPort()));
      times[i] = (System.nanoTime() - began) / 1_000_000;
    }
    Arrays.sort(times);
    return times[STARTS / 2];
  }

  private static void holdfast(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("./holdfast"));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectOutput(Redirect.DISCARD);
    process.environment().put("HOLDFAST_NO_BUILD", "1");
    if (process.redirectError(Redirect.INHERIT).start().waitFor() != 0) {
      throw new IOException(command + " failed");
    }
  }

  private void make(String account, int roles) throws IOException, InterruptedException {
    String trust =
        VERSION
            + "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"%s\"},\"Action\":\"sts:AssumeRole\"}}"
                .formatted(account);
    var work = new ArrayList<Callable<long[]>>();
    for (int writer = 0; writer < Load.CONNECTIONS; writer++) {
      int start = writer;
      work.add(
          () -> {
            try (var connection = new Connection(here)) {
              for (int i = start; i < roles; i += Load.CONNECTIONS) {
                expect(
                    connection.exchange(iam("CreateRole", i, "AssumeRolePolicyDocument", trust)));
                expect(
                    connection.exchange(
                        iam("PutRolePolicy", i, "PolicyName=p&PolicyDocument", document(i))));
              }
            }
            return new long[0];
          });
    }
    long[] _ = Load.together(work);
  }

  private byte[] iam(String action, int role, String member, String text) {
    return to.form(
        "iam",
        "Version=2010-05-08&Action=%s&RoleName=role%d&%s=%s"
            .formatted(action, role, member, URLEncoder.encode(text, StandardCharsets.UTF_8)));
  }

  /** One of the documents, whose last statement allows what the sessions will ask for. */
  private static String document(int role) {
    var text = new StringBuilder(VERSION).append('[');
    for (int i = 0; i < STATEMENTS; i++) {
      text.append(
          "{\"Effect\":\"Allow\",\"Action\":\"ecs:Describe*\",\"Resource\":\"arn:aws:ecs:*:*:service/team%d/app%d\"},"
              .formatted(role % DOCUMENTS, i));
    }
    return text.append(
            "{\"Effect\":\"Allow\",\"Action\":\"ssm:DescribeParameters\",\"Resource\":\"*\"}]}")
        .toString();
  }

  private List<Credentials> open(String account, int sessions)
      throws IOException, InterruptedException {
    var open = new ArrayList<Credentials>();
    for (int i = 0; i < sessions; i++) {
      AssumeRoleResponse answer =
          client.call(
              StsModel.ASSUME_ROLE,
              AssumeRoleRequest.builder()
                  .roleArn("arn:aws:iam::" + account + ":role/role" + i)
                  .roleSessionName("s")
                  .build());
      var keys = Objects.requireNonNull(answer.credentials());
      open.add(new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()));
    }
    return open;
  }

  /** Nanoseconds of one call of each session, sorted. */
  private long[] calls(List<Credentials> open) throws IOException {
    long[] times = new long[open.size()];
    try (var connection = new Connection(here)) {
      for (int i = 0; i < times.length; i++) {
        byte[] request =
            new Requests(url.getAuthority(), open.get(i))
                .json("ssm", "AmazonSSM.DescribeParameters", "{\"MaxResults\":1}");
        long began = System.nanoTime();
        expect(connection.exchange(request));
        times[i] = System.nanoTime() - began;
      }
    }
    Arrays.sort(times);
    return times;
  }

  /** Microseconds of the call at a share of all. */
  private static long at(long[] sorted, double share) {
    return sorted[(int) (sorted.length * share)] / 1_000;
  }

  private static void expect(int status) throws IOException {
    if (status != 200) {
      throw new IOException("status " + status + " of a request that was to succeed");
    }
  }
}
