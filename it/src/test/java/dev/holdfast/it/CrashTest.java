// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole platform is killed again and again while many write to it. */
class CrashTest {
  private static final int ROUNDS = 24;
  private static final int WRITERS = 2 * Wreckable.values().length;
  private static final int LEAST_ACKNOWLEDGED = 2_000;
  private static final int LEAST_A_ROUND = 100;
  private static final int LEAST_CUT_OFF = 2 * ROUNDS;
  private static final Pattern MARK = Pattern.compile("c\\d+x\\d+|sha256:[0-9a-f]{64}");

  /** A write that was sent; {@code acknowledged} where its answer came. */
  private record Sent(Wreckable kind, String id, boolean acknowledged) {}

  private final AtomicInteger numbers = new AtomicInteger();
  private final Random random = new Random(20261125);
  private final List<Sent> all = new ArrayList<>();
  private final List<Duration> ready = new ArrayList<>();
  private final AtomicInteger keptUnanswered = new AtomicInteger();
  private Writing.Home home = new Writing.Home("", new Credentials("", "", null), "", "");
  private String clusterAnswer = "";

  @Test
  void losesNothingItAcknowledgedAndKeepsNothingByHalves(@TempDir Path temp) throws Exception {
    Path dir = Files.createDirectory(temp.resolve("data"));
    try (Killable platform = Killable.start(dir, "account")) {
      setUp(platform);
    }
    List<Sent> last = List.of();
    for (int round = 0; round < ROUNDS; round++) {
      try (Killable platform = Killable.start(dir)) {
        ready.add(platform.ready());
        verify(platform, last, false);
        last = writeUntilKilled(platform, round);
        all.addAll(last);
      }
    }
    try (Killable platform = Killable.start(dir)) {
      verify(platform, all, true);
    }
    report();
  }

  private void report() {
    long acknowledged = all.stream().filter(Sent::acknowledged).count();
    long cutOff = all.size() - acknowledged;
    Duration longest = ready.stream().max(Duration::compareTo).orElseThrow();
    long mean = (long) ready.stream().mapToLong(Duration::toMillis).average().orElseThrow();
    System.getLogger("crash-test")
        .log(
            System.Logger.Level.INFO,
            "%d kills, %d writes acknowledged, %d cut off, of which %d are there; ready again after %d ms, at most %d ms"
                .formatted(
                    ROUNDS, acknowledged, cutOff, keptUnanswered.get(), mean, longest.toMillis()));
    assertThat(acknowledged).as("writes acknowledged").isGreaterThan(LEAST_ACKNOWLEDGED);
    assertThat(cutOff).as("requests cut off by a kill").isGreaterThan(LEAST_CUT_OFF);
    assertThat(all.stream().filter(Sent::acknowledged).map(Sent::kind).distinct())
        .as("kinds of writes acknowledged")
        .hasSize(Wreckable.values().length);
    assertThat(keptUnanswered.get()).as("kills between commit and answer").isPositive();
  }

  private void setUp(Killable platform) throws IOException, InterruptedException {
    String account = platform.text("account");
    var administrator = new Credentials(platform.text("key"), platform.text("secret"), null);
    home = new Writing.Home(account, administrator, "", "");
    try (var first = client(platform)) {
      JsonObject key = first.call(KmsModel.CREATE_KEY, JsonObject.EMPTY).object("KeyMetadata");
      home =
          new Writing.Home(
              account, administrator, first.registryToken(), Harbor.text(key, "KeyId"));
    }
    try (var to = client(platform)) {
      to.call(
          EcrModel.CREATE_REPOSITORY, JsonObject.EMPTY.with("repositoryName", Writing.REPOSITORY));
      to.pushBlob(Wreckable.config());
      to.pushManifest("base", Wreckable.manifest("base"));
      clusterAnswer = sameCluster(to);
    }
  }

  /** CreateCluster of a cluster that is there answers what it answered first. */
  private static String sameCluster(Writing to) throws IOException, InterruptedException {
    return Json.text(
        to.call(EcsModel.CREATE_CLUSTER, JsonObject.EMPTY.with("clusterName", "steady")));
  }

  private Writing client(Killable platform) {
    return new Writing(platform.url(), home);
  }

  private List<Sent> writeUntilKilled(Killable platform, int round) throws Exception {
    List<Wreckable> kinds = List.of(Wreckable.values());
    var sent = new ConcurrentLinkedQueue<Sent>();
    var busy = new CountDownLatch(LEAST_A_ROUND);
    try (var client = client(platform);
        var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        Wreckable kind = kinds.get(writer % kinds.size());
        running.add(writers.submit(() -> write(client, kind, round, sent, busy)));
      }
      boolean enough;
      try {
        enough = busy.await(30, TimeUnit.SECONDS);
        // Not for a state to come about: this is the time under load before the kill.
        boolean _ = new CountDownLatch(1).await(100 + random.nextInt(300), TimeUnit.MILLISECONDS);
      } finally {
        platform.kill();
      }
      for (Future<?> writer : running) {
        writer.get(30, TimeUnit.SECONDS);
      }
      assertThat(enough).as("a round has its writes before its kill").isTrue();
    }
    return List.copyOf(sent);
  }

  /** Writes until the connection breaks; returns how many were acknowledged. */
  private int write(
      Writing client,
      Wreckable kind,
      int round,
      ConcurrentLinkedQueue<Sent> sent,
      CountDownLatch busy)
      throws InterruptedException {
    int written = 0;
    while (true) {
      String id = "c" + round + "x" + numbers.incrementAndGet();
      try {
        kind.write(client, id);
      } catch (ConnectException _) {
        return written; // the platform was gone already: nothing was sent
      } catch (IOException _) {
        sent.add(new Sent(kind, id, false));
        return written;
      } catch (RuntimeException | AssertionError e) {
        LongStream.range(0, busy.getCount()).forEach(_ -> busy.countDown());
        throw new AssertionError(kind + ": " + e.getMessage(), e);
      }
      sent.add(new Sent(kind, id, true));
      written++;
      busy.countDown();
    }
  }

  private void verify(Killable platform, List<Sent> writes, boolean whole) throws Exception {
    Map<String, Integer> changes = changes(platform.ask("changes"));
    try (var client = client(platform);
        var readers = Executors.newVirtualThreadPerTaskExecutor()) {
      var queue = new ConcurrentLinkedQueue<>(writes);
      List<Callable<Integer>> work =
          IntStream.range(0, WRITERS)
              .<Callable<Integer>>mapToObj(_ -> () -> check(client, queue, changes, whole))
              .toList();
      for (Future<Integer> done : readers.invokeAll(work)) {
        done.get();
      }
      assertThat(sameCluster(client)).isEqualTo(clusterAnswer);
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
    JsonObject trail = platform.ask("verify");
    assertThat(trail.members().get("ok"))
        .as(trail.string("text"))
        .isEqualTo(new JsonValue.JsonBool(true));
  }

  private int check(
      Writing client,
      ConcurrentLinkedQueue<Sent> queue,
      Map<String, Integer> changes,
      boolean whole)
      throws IOException, InterruptedException {
    int checked = 0;
    for (Sent sent = queue.poll(); sent != null; sent = queue.poll()) {
      boolean present = sent.kind().present(client, sent.id());
      if (sent.acknowledged()) {
        assertThat(present).as("acknowledged: " + sent).isTrue();
      } else if (present && !whole) {
        keptUnanswered.incrementAndGet();
      }
      String event = sent.kind().event() + " " + sent.kind().mark(sent.id());
      assertThat(changes.getOrDefault(event, 0))
          .as("audit events of " + sent)
          .isEqualTo(present ? 1 : 0);
      checked++;
    }
    return checked;
  }

  /** How many successful events there are by name and by what they are about. */
  private static Map<String, Integer> changes(JsonObject answer) {
    var counts = new HashMap<String, Integer>();
    for (JsonValue item : answer.array("events")) {
      String text = ((JsonString) item).text();
      Matcher mark = MARK.matcher(text);
      if (mark.find()) {
        counts.merge(text.substring(0, text.indexOf(' ')) + " " + mark.group(), 1, Integer::sum);
      }
    }
    return counts;
  }
}
