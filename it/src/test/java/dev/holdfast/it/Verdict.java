// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Judges what is there after a restart against what was acknowledged before it. */
final class Verdict {
  private final Path dir;
  private final StormReport report;
  private final Set<Path> wholeBlobs = new HashSet<>();

  Verdict(Path dir, StormReport report) {
    this.dir = dir;
    this.report = report;
  }

  /**
   * Checks lives against what is seen, and the audit's changes against both.
   *
   * @param first whether this is the first restart after them, which decides what was cut off
   */
  void check(List<Life> lives, Seen seen, JsonObject changes, boolean first) throws Exception {
    assertThat(changes.array("unfound")).as("events that their index does not find").isEmpty();
    assertThat(seen.managedKeyHasItsAlias()).as("the alias of the managed key").isTrue();
    JsonObject counts = changes.object("counts");
    var queue = new ConcurrentLinkedQueue<>(lives);
    try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> work =
          IntStream.range(0, Storm.WRITERS)
              .<Callable<Integer>>mapToObj(_ -> () -> check(queue, seen, counts, first))
              .toList();
      for (Future<Integer> done : readers.invokeAll(work)) {
        done.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause() == null ? e : e.getCause());
    }
  }

  private int check(ConcurrentLinkedQueue<Life> queue, Seen seen, JsonObject counts, boolean first)
      throws IOException, InterruptedException {
    int checked = 0;
    for (Life life = queue.poll(); life != null; life = queue.poll()) {
      int found = found(seen, life);
      boolean kept = life.cut() && found == life.acknowledged() + 1;
      if (found != life.acknowledged() && !kept) {
        throw new AssertionError("found %d steps after a restart of %s".formatted(found, life));
      }
      audited(life, found, counts);
      if (first) {
        report.decided(life, kept);
        life.settle(found);
      }
      if (TaskWrites.isTask(life.kind()) && found > 0) {
        TaskWrites.sameAnswer(seen, life, first);
      }
      if (ServiceWrites.isService(life.kind()) && found == 1) {
        ServiceWrites.sameAnswer(seen, life);
      }
      checked++;
    }
    return checked;
  }

  private static int found(Seen seen, Life life) throws IOException, InterruptedException {
    try {
      return life.kind().finder().found(seen, life);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("after a restart of " + life + ": " + e.getMessage(), e);
    }
  }

  /** An audit record is exactly where its change is. */
  private static void audited(Life life, int found, JsonObject counts) {
    Map<String, Long> expected = new HashMap<>();
    List<Wreckable.Step> steps = life.kind().steps();
    for (int i = 0; i < steps.size(); i++) {
      Wreckable.Step step = steps.get(i);
      if (!step.event().isEmpty()) {
        String event = step.event() + " " + (step.byDigest() ? ImageWrites.mark(life) : life.id());
        expected.merge(event, i < found ? 1L : 0L, Long::sum);
      }
    }
    expected.forEach(
        (event, number) -> {
          Long there = counts.integer(event);
          assertThat(there == null ? 0L : there)
              .as("audit records `" + event + "` of " + life)
              .isEqualTo(number);
        });
  }

  /** Every blob file has the digest of its name, and no half upload is left. */
  void blobs() throws IOException {
    Path blobs = dir.resolve("blobs");
    if (!Files.exists(blobs)) {
      return;
    }
    try (Stream<Path> halves = Files.list(blobs.resolve("uploads"))) {
      assertThat(halves).as("half uploads").isEmpty();
    }
    try (Stream<Path> files = Files.walk(blobs.resolve("sha256"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (wholeBlobs.add(file)) {
          assertThat(Hashes.sha256Hex(Files.readAllBytes(file)))
              .as("the digest of a blob file")
              .isEqualTo(String.valueOf(file.getFileName()));
        }
      }
    }
  }

  /** The audit chain is whole. */
  void chain(Killable platform) throws IOException {
    JsonObject trail = platform.ask("verify");
    assertThat(trail.members().get("ok"))
        .as(trail.string("text"))
        .isEqualTo(new JsonValue.JsonBool(true));
  }
}
