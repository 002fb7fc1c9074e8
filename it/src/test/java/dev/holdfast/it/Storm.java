// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Kills the platform again and again while many write to it, and looks after each restart whether
 * all is as it must be.
 */
final class Storm {
  static final int WRITERS = 16;

  /** Kinds that two writers make at once. */
  private static final Set<String> TWICE = Set.of("access key", "blob in pieces", "image", "task");

  private static final int LONGEST_MS = 400;

  /**
   * How a storm is.
   *
   * @param longest after this time no further round begins
   * @param leastWrites how many writes are acknowledged in a round before its kill
   * @param objects how many things there are before the first kill
   * @param removes whether lives go on to the removal of what they made
   * @param chainEach after how many rounds the whole audit chain is checked
   * @param words for the platform's process
   */
  record Settings(
      int rounds,
      Duration longest,
      int leastWrites,
      int objects,
      boolean removes,
      int chainEach,
      List<String> words) {}

  /** The machine was too busy for a storm: nothing was found, and nothing is proved. */
  static final class TooSlow extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooSlow(String why) {
      super(why);
    }
  }

  /** A round's kill: all that was written before it, and when that was. */
  private record Killed(List<Life> lives, Instant from, Instant until) {}

  private final Settings settings;
  private final Path dir;
  private final Random random = new Random(20261125);
  private final AtomicInteger numbers = new AtomicInteger();
  private final List<Wreckable> writers =
      Stream.concat(
              Wreckable.all().stream(),
              Wreckable.all().stream().filter(kind -> TWICE.contains(kind.name())))
          .toList();
  private final List<Killed> killed = new ArrayList<>();
  private final StormReport report = new StormReport();
  private Writing.Home home = new Writing.Home("", new Credentials("", "", null), "");
  private String instance = "";
  private Verdict verdict;

  Storm(Path dir, Settings settings) {
    this.dir = dir;
    this.settings = settings;
    this.verdict = new Verdict(dir, report);
  }

  /**
   * Goes through all rounds.
   *
   * @throws AssertionError where anything is not as it must be
   */
  StormReport run() throws Exception {
    try (Killable platform = Killable.start(dir, List.of("account", "roomy"))) {
      setUp(platform);
    }
    long end = System.nanoTime() + settings.longest().toNanos();
    for (int round = 0; round < settings.rounds() && System.nanoTime() < end; round++) {
      Instant from = now();
      try (Killable platform = Killable.start(dir, settings.words());
          Writing client = client(platform)) {
        report.ready(platform);
        try (StandInAgent agent = StandInAgent.connect(client, instance)) {
          var seen = new Seen(client, agent.tasks());
          last(platform, seen, round);
          writeUntilKilled(platform, client, round, from);
        }
      }
      report.round(killed.getLast().lives());
      if (round % 25 == 24) {
        report.log("after %d kills: ".formatted(round + 1));
      }
    }
    try (Killable platform = Killable.start(dir, settings.words());
        Writing client = client(platform);
        StandInAgent agent = StandInAgent.connect(client, instance)) {
      report.ready(platform);
      last(platform, new Seen(client, agent.tasks()), killed.size());
      for (Killed round : killed) {
        check(platform, new Seen(client, agent.tasks()), round, false);
      }
      Bulk.check(client, settings.objects());
      verdict.chain(platform);
    }
    return report;
  }

  /** Checks what the last round wrote. */
  private void last(Killable platform, Seen seen, int round) throws Exception {
    if (!killed.isEmpty()) {
      check(platform, seen, killed.getLast(), true);
    }
    verdict.blobs();
    if (round % settings.chainEach() == 0) {
      verdict.chain(platform);
    }
  }

  private void check(Killable platform, Seen seen, Killed round, boolean first) throws Exception {
    String question =
        "changes %s %d %d"
            .formatted(home.account(), round.from().toEpochMilli(), round.until().toEpochMilli());
    verdict.check(round.lives(), seen, platform.ask(question), first);
  }

  private static Instant now() {
    return InstantSource.system().instant();
  }

  private Writing client(Killable platform) {
    return new Writing(platform.url(), home);
  }

  private void setUp(Killable platform) throws Exception {
    var administrator = new Credentials(platform.text("key"), platform.text("secret"), null);
    home = new Writing.Home(platform.text("account"), administrator, "");
    try (var first = client(platform)) {
      home = new Writing.Home(home.account(), administrator, first.registryToken());
    }
    try (var to = client(platform)) {
      var _ =
          to.call(
              EcrModel.CREATE_REPOSITORY, Wreckable.named("repositoryName", Writing.REPOSITORY));
      to.pushBlob(ImageWrites.config());
      var _ = to.call(EcsModel.CREATE_CLUSTER, Wreckable.named("clusterName", TaskWrites.HARBOR));
      var _ = to.call(EcsModel.REGISTER_TASK_DEFINITION, TaskWrites.definition(TaskWrites.FAMILY));
      instance = StandInAgent.register(to);
      Bulk.build(to, settings.objects());
    }
  }

  /** Makes what all lives of a round share. */
  static Life.Round begin(Writing to, int number) throws IOException, InterruptedException {
    var round = new Life.Round(number, key(to), key(to));
    var _ = to.call(IamModel.CREATE_GROUP, Wreckable.named("GroupName", round.group()));
    var _ =
        to.call(
            IamModel.CREATE_POLICY,
            Wreckable.named("PolicyName", round.policy()).with("PolicyDocument", Cargo.ALLOW));
    return round;
  }

  private static String key(Writing to) throws IOException, InterruptedException {
    return Harbor.text(
        to.call(KmsModel.CREATE_KEY, JsonObject.EMPTY).object("KeyMetadata"), "KeyId");
  }

  private void writeUntilKilled(Killable platform, Writing client, int number, Instant from)
      throws Exception {
    Life.Round round = begin(client, number);
    var lives = new ConcurrentLinkedQueue<Life>();
    var busy = new CountDownLatch(settings.leastWrites());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (Wreckable kind : writers) {
        running.add(
            threads.submit(
                () -> {
                  write(client, kind, round, lives, busy);
                  return kind;
                }));
      }
      boolean enough;
      try {
        enough = busy.await(60, TimeUnit.SECONDS);
        // Not for a state to come about: this is the time under load before the kill.
        boolean _ = new CountDownLatch(1).await(random.nextInt(LONGEST_MS), TimeUnit.MILLISECONDS);
      } finally {
        platform.kill();
      }
      for (Future<?> writer : running) {
        finish(writer);
      }
      if (!enough) {
        throw new TooSlow("a round did not have its writes within a minute");
      }
    }
    killed.add(new Killed(List.copyOf(lives), from, now()));
  }

  /** What a writer saw that must not be is this test's own finding. */
  private static void finish(Future<?> writer) throws Exception {
    try {
      writer.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AssertionError seen) {
        throw seen;
      }
      throw e;
    }
  }

  /** Makes one life after another until the connection breaks. */
  private void write(
      Writing client,
      Wreckable kind,
      Life.Round round,
      ConcurrentLinkedQueue<Life> lives,
      CountDownLatch busy)
      throws InterruptedException {
    while (true) {
      Life life = born(kind, round);
      lives.add(life);
      try {
        while (!life.done()) {
          life.acknowledge(life.next().action().take(client, life));
          busy.countDown();
        }
      } catch (ConnectException _) {
        return; // the platform was gone already: nothing was sent
      } catch (IOException _) {
        life.cutOff();
        return;
      } catch (ApiError e) {
        release(busy);
        if (e.shape().status() >= 500 || e.code().contains("Throttling")) {
          throw new TooSlow(life + ": " + e.getMessage());
        }
        throw new AssertionError("a writer saw " + life + ": " + e.getMessage(), e);
      } catch (RuntimeException | AssertionError e) {
        release(busy);
        throw new AssertionError("a writer saw " + life + ": " + e.getMessage(), e);
      }
    }
  }

  private static void release(CountDownLatch busy) {
    while (busy.getCount() > 0) {
      busy.countDown();
    }
  }

  private Life born(Wreckable kind, Life.Round round) {
    int number = numbers.incrementAndGet();
    var chance = new Random(number);
    int planned = 1 + chance.nextInt(kind.steps().size());
    if (!settings.removes() || kind.name().equals("blob in pieces")) {
      planned = kind.standing();
    } else if (TaskWrites.isTask(kind)) {
      planned = chance.nextInt(8) == 0 ? 1 : 2; // few tasks live on
    }
    return new Life(kind, "c" + round.number() + "x" + number, round, planned);
  }

  /** A data directory of its own. */
  static Path directory(Path temp) throws IOException {
    return Files.createDirectory(temp.resolve("data"));
  }
}
