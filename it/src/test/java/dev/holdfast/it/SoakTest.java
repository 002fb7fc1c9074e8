// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.FastClock;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.JsonValue.JsonNumber;
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
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A day of use goes by in half an hour, and the server is at its end as it was at its beginning.
 * What must grow with use is forgotten after an hour of that day: audit events, client tokens,
 * ended tasks and blobs of no image, which are kept for longer in earnest. Then all users rest, and
 * what is left of all they made is weighed.
 */
class SoakTest {
  private static final boolean LONG = "soak".equals(System.getenv("HOLDFAST_LONG"));
  private static final Duration TIME =
      LONG ? Duration.ofMinutes(Integer.getInteger("minutes", 30)) : Duration.ofSeconds(20);
  private static final List<Usage> USES = LONG ? Usage.ALL : Usage.BRIEF;
  private static final Duration BETWEEN = LONG ? Duration.ofSeconds(15) : Duration.ofSeconds(1);
  private static final int FACTOR = 48;

  /** An hour of that day, where there are so many. */
  private static final Duration AWAKE = LONG ? Duration.ofSeconds(75) : Duration.ofSeconds(3);

  private static final int USERS = 8;

  /**
   * What the platform keeps of rows that it has read, in MB: it fills up in the short form's time.
   */
  private static final int KEPT_ROWS = 8;

  private static final String ONE_WITHOUT_A_TAG =
      """
      {"rules":[{"rulePriority":1,"action":{"type":"expire"},
        "selection":{"tagStatus":"untagged","countType":"imageCountMoreThan","countNumber":1}}]}""";

  private final FastClock clock = new FastClock(InstantSource.system().instant(), FACTOR);
  private final CountDownLatch over = new CountDownLatch(1);

  /** Who uses something holds it for reading. */
  private final ReentrantReadWriteLock awake = new ReentrantReadWriteLock(true);

  private final List<Weight> weights = new ArrayList<>();
  private final AtomicLong calls = new AtomicLong();
  private final AtomicInteger numbers = new AtomicInteger();
  private Life.Round shared = new Life.Round(0, "", "");
  private String instance = "";
  private int started;

  /** What is left while nobody uses anything, in bytes. */
  private record Weight(long rows, long blobs, JsonObject tables) {}

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
        sample(platform, client, dir, vitals);
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
    Trend rows = Trend.of("rows at rest", weights, w -> w.rows() / 1e3, "kB", 4);
    Trend blobs = Trend.of("blobs at rest", weights, w -> w.blobs() / 1e3, "kB", 4);
    var all = List.of(heap, threads, files, data);
    var left = List.of(rows, blobs);
    System.getLogger("soak-test")
        .log(
            System.Logger.Level.INFO,
            "figures: soak, {0} s: {1} calls, {2} tasks run; {3}",
            TIME.toSeconds(),
            calls.get(),
            started,
            String.join(
                "; ", Stream.concat(all.stream(), left.stream()).map(Trend::text).toList()));
    assertThat(calls.get()).isGreaterThan(TIME.toSeconds() * 5);
    assertThat(started).as("tasks run").isPositive();
    assertThat(all).allSatisfy(trend -> assertThat(trend.grows()).as(trend.text()).isFalse());
    assertThat(left)
        .allSatisfy(trend -> assertThat(trend.swells()).as(trend.text() + grown()).isFalse());
  }

  /** Everything that the use needs. */
  private Writing ready(Killable platform) throws IOException, InterruptedException {
    var administrator = new Credentials(platform.text("key"), platform.text("secret"), null);
    var home = new Writing.Home(platform.text("account"), administrator, "");
    try (var first = new Writing(platform.url(), home, clock)) {
      var _ =
          first.call(
              EcrModel.CREATE_REPOSITORY, Wreckable.named("repositoryName", Writing.REPOSITORY));
      // A tag that moves on leaves an image without one, as people's do.
      var _ =
          first.call(
              EcrModel.PUT_LIFECYCLE_POLICY,
              Wreckable.named("repositoryName", Writing.REPOSITORY)
                  .with("lifecyclePolicyText", ONE_WITHOUT_A_TAG));
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
      Usage usage = USES.get(number % USES.size());
      boolean used = false;
      awake.readLock().lock();
      try {
        calls.addAndGet(usage.use(client, shared, number));
        used = true;
      } finally {
        awake.readLock().unlock();
        if (!used) {
          over.countDown(); // whoever fails ends it for all
        }
      }
      rounds++;
    }
    return rounds;
  }

  private void sample(Killable platform, Writing client, Path dir, List<Trend.Sample> into)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TIME.toNanos();
    long tired = System.nanoTime() + AWAKE.toNanos();
    while (System.nanoTime() < end && over.getCount() > 0) {
      boolean _ = over.await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
      JsonObject vitals = platform.ask("vitals");
      into.add(
          new Trend.Sample(
              number(vitals, "heap"),
              number(vitals, "threads"),
              number(vitals, "files"),
              size(dir)));
      if (System.nanoTime() >= tired) {
        rest(platform, client);
        tired = System.nanoTime() + AWAKE.toNanos();
      }
    }
  }

  /** Lets everybody finish and weighs what is left. */
  private void rest(Killable platform, Writing client) throws IOException, InterruptedException {
    awake.writeLock().lock();
    try {
      JsonObject left = platform.ask("rest");
      weights.add(new Weight(number(left, "rows"), number(left, "blobs"), left.object("tables")));
      client.pushBlob(ImageWrites.config()); // no image has it at the moment
    } finally {
      awake.writeLock().unlock();
    }
  }

  /** The tables that weigh more in the end than after the first third. */
  private String grown() {
    JsonObject before = weights.get(weights.size() / 3).tables();
    var text = new StringBuilder();
    weights
        .getLast()
        .tables()
        .members()
        .forEach(
            (table, value) -> {
              long was = Math.max(0, number(before, table));
              long is = value instanceof JsonNumber size ? (long) size.asDouble() : 0;
              if (is > was) {
                text.append("; ").append(table).append(' ').append(was).append(" to ").append(is);
              }
            });
    return text.toString();
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
