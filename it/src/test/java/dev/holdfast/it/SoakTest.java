// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.FastClock;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A day of use goes by in half an hour, and the server is at its end as it was at its beginning.
 * What must grow with use is forgotten after an hour of that day: audit events and client tokens,
 * which are kept for longer in earnest.
 */
class SoakTest {
  private static final boolean LONG = "soak".equals(System.getenv("HOLDFAST_LONG"));
  private static final Duration TIME =
      LONG ? Duration.ofMinutes(Integer.getInteger("minutes", 30)) : Duration.ofSeconds(20);
  private static final Duration BETWEEN = LONG ? Duration.ofSeconds(15) : Duration.ofSeconds(1);
  private static final Duration KEPT = Duration.ofHours(1);
  private static final int FACTOR = 48;
  private static final int USERS = 8;

  /**
   * What the platform keeps of rows that it has read, in MB: it fills up in the short form's time.
   */
  private static final int KEPT_ROWS = 8;

  private final FastClock clock = new FastClock(InstantSource.system().instant(), FACTOR);
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicLong calls = new AtomicLong();
  private final AtomicInteger numbers = new AtomicInteger();
  private Life.Round shared = new Life.Round(0, "", "");
  private String instance = "";
  private int started;

  @Test
  void staysAsItIsWhileADayOfUseGoesBy(@TempDir Path temp) throws Exception {
    Path dir = Storm.directory(temp);
    var vitals = new ArrayList<Trend.Sample>();
    try (Killable platform = Killable.start(dir, List.of("account", clock.word()));
        Writing client = ready(platform);
        StandInAgent agent = StandInAgent.connect(client, instance);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> users = new ArrayList<>();
      for (int i = 0; i < USERS; i++) {
        users.add(threads.submit(() -> use(client)));
      }
      try {
        sample(platform, dir, vitals);
      } finally {
        over.countDown();
      }
      for (Future<?> user : users) {
        user.get(60, TimeUnit.SECONDS);
      }
      started = agent.started();
    }
    Trend heap =
        Trend.of(
            "heap after a collection", vitals, s -> s.heap() / 1e6, "MB", LONG ? 4 : 4 + KEPT_ROWS);
    Trend threads = Trend.of("threads", vitals, Trend.Sample::threads, "", 3);
    Trend files = Trend.of("open files", vitals, Trend.Sample::files, "", 8);
    Trend data = Trend.of("data directory", vitals, s -> s.data() / 1e6, "MB", 24);
    var all = List.of(heap, threads, files, data);
    System.getLogger("soak-test")
        .log(
            System.Logger.Level.INFO,
            "figures: soak, {0} s: {1} calls, {2} tasks run; {3}",
            TIME.toSeconds(),
            calls.get(),
            started,
            String.join("; ", all.stream().map(Trend::text).toList()));
    assertThat(calls.get()).isGreaterThan(TIME.toSeconds() * 5);
    assertThat(started).as("tasks run").isPositive();
    assertThat(all).allSatisfy(trend -> assertThat(trend.grows()).as(trend.text()).isFalse());
  }

  /** Everything that the use needs. */
  private Writing ready(Killable platform) throws IOException, InterruptedException {
    var administrator = new Credentials(platform.text("key"), platform.text("secret"), null);
    var home = new Writing.Home(platform.text("account"), administrator, "");
    try (var first = new Writing(platform.url(), home, clock)) {
      var _ =
          first.call(
              EcrModel.CREATE_REPOSITORY, Wreckable.named("repositoryName", Writing.REPOSITORY));
      var _ =
          first.call(EcsModel.CREATE_CLUSTER, Wreckable.named("clusterName", TaskWrites.HARBOR));
      var _ =
          first.call(EcsModel.REGISTER_TASK_DEFINITION, TaskWrites.definition(TaskWrites.FAMILY));
      shared = Storm.begin(first, 0);
      instance = StandInAgent.register(first);
      home = new Writing.Home(home.account(), administrator, first.registryToken());
    }
    var client = new Writing(platform.url(), home, clock);
    client.pushBlob(ImageWrites.config());
    return client;
  }

  /** Uses one thing after another until it is over; returns how often. */
  private int use(Writing client) throws IOException, InterruptedException {
    int rounds = 0;
    // Not for a state to come about: people think between what they do.
    while (!over.await(200, TimeUnit.MILLISECONDS)) {
      int number = numbers.incrementAndGet();
      Usage usage = Usage.ALL.get(number % Usage.ALL.size());
      boolean used = false;
      try {
        calls.addAndGet(usage.use(client, shared, number));
        used = true;
      } finally {
        if (!used) {
          over.countDown(); // whoever fails ends it for all
        }
      }
      rounds++;
    }
    return rounds;
  }

  private void sample(Killable platform, Path dir, List<Trend.Sample> into)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TIME.toNanos();
    while (System.nanoTime() < end && over.getCount() > 0) {
      boolean _ = over.await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
      var _ = platform.ask("forget " + KEPT.toMillis());
      JsonObject vitals = platform.ask("vitals");
      into.add(
          new Trend.Sample(
              number(vitals, "heap"),
              number(vitals, "threads"),
              number(vitals, "files"),
              size(dir)));
    }
  }

  private static long number(JsonObject vitals, String name) {
    Long value = vitals.integer(name);
    return value == null ? -1 : value;
  }

  /** The bytes of all files, of which some go while they are counted. */
  private static long size(Path dir) throws IOException {
    long size = 0;
    List<Path> files;
    try (Stream<Path> walk = Files.walk(dir)) {
      files = walk.toList();
    } catch (java.io.UncheckedIOException _) {
      return size(dir);
    }
    for (Path file : files) {
      try {
        size += Files.isRegularFile(file) ? Files.size(file) : 0;
      } catch (NoSuchFileException _) {
        // gone meanwhile
      }
    }
    return size;
  }
}
