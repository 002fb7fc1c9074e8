// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.sigv4.SignedRequest.Header;
import dev.holdfast.aws.ssm.SsmModel;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many at once: connections, heads, uploads, calls of one account; and somebody else beside. */
@Timeout(900)
class FloodAttackTest {
  private static final System.Logger LOG = System.getLogger("flood-test");

  @TempDir Path folder;

  private Attacked attacked;
  private Attacked.Account attacker;
  private Attacked.Account other;

  @BeforeEach
  void start() throws IOException {
    attacked = Attacked.start(folder.resolve("data"));
    attacker = attacked.account();
    other = attacked.account();
  }

  @AfterEach
  void stop() throws IOException {
    attacked.close();
  }

  @Test
  void connectionsThatAreHalfOpen() throws IOException {
    int count = Attacked.LONG ? 10_000 : 1_000;
    byte[] half =
        ("POST / HTTP/1.1\r\nHost: " + attacked.raw().authority() + "\r\nX-Amz-Date: 2026")
            .getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < count; i++) {
      var _ = attacked.open(i % 2 == 0 ? half : Arrays.copyOf(half, 1));
    }
    assertThat(attacked.serves(other)).isTrue();
    Long heap = attacked.vitals().integer("heap");
    LOG.log(System.Logger.Level.INFO, "figures: {0} half-open connections, heap {1}", count, heap);
    assertThat(heap).isNotNull().isLessThan(150L << 20);
  }

  @Test
  void headsThatAreTooLong() {
    byte[] head =
        ("GET / HTTP/1.1\r\nHost: h\r\n" + "X-Flood: aaaaaaaaaaaaaaaa\r\n".repeat(40_000))
            .getBytes(StandardCharsets.US_ASCII);
    List<Raw.Answer> answers =
        Attacked.atOnce(Attacked.LONG ? 1_000 : 50, _ -> attacked.raw().bytes(head));
    assertThat(answers).allMatch(answer -> answer.status() == 431 || answer.status() == 0);
    assertThat(attacked.serves(other)).isTrue();
  }

  @Test
  void uploadsOfOneAccountLeaveRoomForAnothers() {
    repository(attacker);
    repository(other);
    String login = attacked.login(attacker);
    int begun = 0;
    for (int i = 0; i < (Attacked.LONG ? 10_000 : 1_100); i++) {
      begun += begin(login).status() == 202 ? 1 : 0;
    }
    assertThat(begun).isEqualTo(1000);
    assertThat(begin(login).status()).as("who has most waits").isEqualTo(429);
    Raw.Answer honest = begin(attacked.login(other));
    assertThat(honest.status()).as("who has none begins").isEqualTo(202);
    assertThat(attacked.serves(other)).isTrue();
  }

  private void repository(Attacked.Account account) {
    Raw.Answer made =
        attacked
            .raw()
            .json(
                account.as("ecr"),
                "AmazonEC2ContainerRegistry_V20150921.CreateRepository",
                "{\"repositoryName\":\"team/web\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(made.status()).isEqualTo(200);
  }

  private Raw.Answer begin(String login) {
    return attacked
        .raw()
        .send(
            "POST",
            "/v2/team/web/blobs/uploads/",
            List.of(new Header("Authorization", login)),
            new byte[0]);
  }

  /** A flood of one account's calls, and how long another's take meanwhile. */
  @Test
  void callsOfOneAccountLeaveAnothersAtTheirPace() throws Exception {
    int clients = Attacked.LONG ? 256 : 64;
    var flood = new LongAdder();
    var throttled = new LongAdder();
    try (HttpClient http = HttpClient.newHttpClient();
        HttpClient floods = HttpClient.newHttpClient()) {
      put(client(http, other));
      put(client(floods, attacker));
      long[] warm = times(client(http, other), 1_000);
      long[] alone = times(client(http, other), Attacked.LONG ? 5_000 : 1_000);
      var over = new AtomicBoolean();
      long[] beside;
      long began;
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < clients; i++) {
          var _ =
              threads.submit(
                  () -> {
                    AwsClient client = client(floods, attacker);
                    while (!over.get()) {
                      (get(client) ? flood : throttled).increment();
                    }
                    return null;
                  });
        }
        began = System.nanoTime();
        long[] _ = times(client(http, other), 300);
        beside = times(client(http, other), Attacked.LONG ? 5_000 : 1_000);
        over.set(true);
      }
      long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
      LOG.log(
          System.Logger.Level.INFO,
          "figures: one account with {0} clients: another''s calls take {1} us (median), {2} us (p99) alone, {3} us, {4} us beside; the flood has {5} calls a second, {6} throttled; {7}",
          clients,
          percentile(alone, 50),
          percentile(alone, 99),
          percentile(beside, 50),
          percentile(beside, 99),
          flood.sum() / seconds,
          throttled.sum(),
          warm.length);
      assertThat(flood.sum()).isPositive();
      assertThat(percentile(beside, 99))
          .isLessThan(Math.max(percentile(alone, 99) * 10, TimeUnit.MILLISECONDS.toMicros(200)));
    }
  }

  private AwsClient client(HttpClient http, Attacked.Account account) {
    return new AwsClient(
        http,
        attacked.process().url(),
        Harbor.REGION.name(),
        account::administrator,
        InstantSource.system());
  }

  private static void put(AwsClient client) throws IOException, InterruptedException {
    call(client, SsmModel.PUT_PARAMETER, "{\"Name\":\"/a\",\"Value\":\"v\",\"Type\":\"String\"}");
  }

  private static <I extends Shape, O extends Shape> void call(
      AwsClient client, OperationModel<I, O> model, String json)
      throws IOException, InterruptedException {
    O _ =
        client.call(
            model,
            model.inputOf(JsonCodec.read(model.input(), json.getBytes(StandardCharsets.UTF_8))));
  }

  private static boolean get(AwsClient client) throws IOException, InterruptedException {
    try {
      call(client, SsmModel.GET_PARAMETER, "{\"Name\":\"/a\"}");
      return true;
    } catch (ApiError e) {
      assertThat(e.code()).isEqualTo("ThrottlingException");
      return false;
    }
  }

  /** How long each of so many calls takes, in microseconds, sorted. */
  private static long[] times(AwsClient client, int count)
      throws IOException, InterruptedException {
    long[] times = new long[count];
    for (int i = 0; i < count; i++) {
      long begin = System.nanoTime();
      assertThat(get(client)).as("an honest call is not throttled").isTrue();
      times[i] = Duration.ofNanos(System.nanoTime() - begin).toNanos() / 1000;
    }
    Arrays.sort(times);
    return times;
  }

  private static long percentile(long[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }
}
