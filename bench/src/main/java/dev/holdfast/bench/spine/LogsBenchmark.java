// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.spine;

import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.logs.CreateLogStreamRequest;
import dev.holdfast.aws.logs.FilterLogEventsRequest;
import dev.holdfast.aws.logs.InputLogEvent;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.aws.logs.PutLogEventsRequest;
import dev.holdfast.aws.sigv4.Credentials;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** Logs beside their limits; {@code bench/logs.sh} sets the environment. */
public final class LogsBenchmark {
  private static final String GROUP = "/bench/put";
  private static final int EVENTS = 1_000;
  private static final Duration TURN = Duration.ofSeconds(5);
  private static final String NEEDLE = "needle";

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final URI endpoint = URI.create(env("AWS_ENDPOINT_URL"));
  private final Credentials credentials =
      new Credentials(
          env("AWS_ACCESS_KEY_ID"),
          env("AWS_SECRET_ACCESS_KEY"),
          System.getenv("AWS_SESSION_TOKEN"));
  private final AwsClient client =
      new AwsClient(
          HttpClient.newHttpClient(),
          endpoint,
          "us-east-1",
          () -> credentials,
          InstantSource.system());
  private final long now = Instant.now().toEpochMilli();

  private LogsBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    var benchmark = new LogsBenchmark();
    benchmark.put(Path.of(arguments[1]));
    benchmark.filter(Integer.parseInt(arguments[0]), Path.of(arguments[1]));
  }

  private static String env(String name) {
    return System.getenv().getOrDefault(name, "");
  }

  private static String line(int number) {
    return "2026-11-26T12:00:00Z INFO request %08d of user %05d took %d ms%s"
        .formatted(
            number,
            number * 7919 % 99_991,
            number % 977,
            number % 100_000 == 77 ? " " + NEEDLE : "");
  }

  private void put(Path work) throws Exception {
    for (int i = 0; i < Load.CONNECTIONS; i++) {
      stream("s" + i);
    }
    var text = new StringBuilder();
    var plain = new StringBuilder();
    for (int i = 0; i < EVENTS; i++) {
      text.append(i == 0 ? "" : ",")
          .append("{\"timestamp\":%d,\"message\":\"%s\"}".formatted(now, line(i)));
      plain.append(line(i)).append('\n');
    }
    var to = new Requests(endpoint.getAuthority(), credentials);
    var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.getPort());
    Load.Result result = new Load.Result(0, 0, 0);
    for (int round = 0; round < 2; round++) { // the first warms
      result =
          Load.run(
              target,
              i ->
                  to.json(
                      "logs",
                      "Logs_20140328.PutLogEvents",
                      "{\"logGroupName\":\"%s\",\"logStreamName\":\"s%d\",\"logEvents\":[%s]}"
                          .formatted(GROUP, i, text)),
              TURN);
    }
    double bare = bare(work.resolve("bare"), plain.toString().getBytes(StandardCharsets.UTF_8));
    out.printf(
        "PutLogEvents of %d lines: %.0f calls a second, %.0f lines a second, p99 %.1f ms%n",
        EVENTS, result.rate(), result.rate() * EVENTS, result.slow() / 1e6);
    out.printf(
        "the same lines compressed and synced to a file, one at a time: %.0f a second; ratio"
            + " %.2f%n",
        bare, result.rate() / bare);
  }

  /** Compresses and syncs, over and over, by one thread. */
  private static double bare(Path file, byte[] lines) throws IOException {
    byte[] packed = new byte[lines.length];
    int count = 0;
    long began = System.nanoTime();
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (System.nanoTime() - began < TURN.toNanos()) {
        var deflater = new Deflater();
        deflater.setInput(lines);
        deflater.finish();
        int length = deflater.deflate(packed);
        deflater.end();
        var buffer = ByteBuffer.wrap(packed, 0, length);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(false);
        count++;
      }
    }
    return count / ((System.nanoTime() - began) / 1e9);
  }

  private void stream(String name) throws IOException, InterruptedException {
    var _ =
        client.call(
            LogsModel.CREATE_LOG_STREAM,
            CreateLogStreamRequest.builder().logGroupName(GROUP).logStreamName(name).build());
  }

  private void filter(int lines, Path work) throws Exception {
    Path file = work.resolve("lines");
    stream("many");
    try (var writer = Files.newBufferedWriter(file)) {
      for (int from = 0; from < lines; from += EVENTS) {
        var events = new ArrayList<InputLogEvent>();
        for (int i = from; i < Math.min(lines, from + EVENTS); i++) {
          writer.write(line(i));
          writer.newLine();
          events.add(InputLogEvent.builder().timestamp(now + i / 1000).message(line(i)).build());
        }
        var _ =
            client.call(
                LogsModel.PUT_LOG_EVENTS,
                PutLogEventsRequest.builder()
                    .logGroupName(GROUP)
                    .logStreamName("many")
                    .logEvents(events)
                    .build());
      }
    }
    for (int round = 0; round < 2; round++) {
      search(lines);
    }
    long began = System.nanoTime();
    var grep = new ProcessBuilder("grep", "-F", "-c", NEEDLE, file.toString()).start();
    String found = new String(grep.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var _ = grep.waitFor();
    out.printf(
        "grep over the same lines: %s found in %d ms%n",
        found.strip(), (System.nanoTime() - began) / 1_000_000);
  }

  private void search(int lines) throws IOException, InterruptedException {
    long began = System.nanoTime();
    int found = 0;
    int pages = 0;
    @Nullable String token = null;
    do {
      var page =
          client.call(
              LogsModel.FILTER_LOG_EVENTS,
              FilterLogEventsRequest.builder()
                  .logGroupName(GROUP)
                  .logStreamNames(List.of("many"))
                  .filterPattern(NEEDLE)
                  .nextToken(token)
                  .build());
      found += page.events().size();
      token = page.nextToken();
      pages++;
    } while (token != null);
    out.printf(
        "FilterLogEvents over %d lines: %d found in %d ms, %d pages%n",
        lines, found, (System.nanoTime() - began) / 1_000_000, pages);
  }
}
