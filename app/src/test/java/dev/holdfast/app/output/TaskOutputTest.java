// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ecs.TaskStanding;
import dev.holdfast.ecs.TaskStream;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.logs.Logs;
import dev.holdfast.logs.plan.Position;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TaskOutputTest {
  private static final AccountId ACCOUNT = new AccountId("123456789012");
  private static final Region REGION = new Region("eu-test-1");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /** What was shown, and said beside it. */
  private static final class Seen implements Shown {
    final List<String> text = new CopyOnWriteArrayList<>();
    final List<String> notes = new CopyOnWriteArrayList<>();

    @Override
    public void text(String said) {
      text.add(said);
    }

    @Override
    public void note(String said) {
      notes.add(said);
    }

    @Override
    public void alive() {}

    void await(String said) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (!text.contains(said) && System.nanoTime() < end) {
        LockSupport.parkNanos(5_000_000);
      }
      assertThat(text).contains(said);
    }
  }

  /** A service of some tasks; what each wrote, and where. */
  private static final class Tasks implements TaskSource {
    final Map<Arn, TaskStanding> standing = new ConcurrentHashMap<>();
    final Map<Arn, String> machines = new ConcurrentHashMap<>();
    final Map<String, String> written = new ConcurrentHashMap<>();
    final Map<String, List<Logs.Line>> streams = new ConcurrentHashMap<>();
    final AtomicInteger asked = new AtomicInteger();
    volatile boolean service = true;

    Arn task(int number, @Nullable String machine) {
      Arn task = Arn.of("ecs", REGION, ACCOUNT, "task/shop/" + Integer.toString(number).repeat(32));
      standing.put(task, new TaskStanding(true, NOW.plusSeconds(number), 1));
      if (machine != null) {
        machines.put(task, machine);
      }
      return task;
    }

    void local(Arn task, long at, String text) {
      written.merge(
          task.toString(),
          "{\"container\":\"app\",\"at\":" + at + ",\"text\":\"" + text + "\"}\n{}\n",
          String::concat);
    }

    void stored(Arn task, long at, String text) {
      streams
          .computeIfAbsent(task.toString(), _ -> new CopyOnWriteArrayList<>())
          .add(new Logs.Line(task.toString(), at, text));
    }

    void stop(Arn task) {
      standing.computeIfPresent(task, (_, s) -> new TaskStanding(false, s.createdAt(), 1));
    }

    @Override
    public String name() {
      return "web";
    }

    @Override
    public List<Arn> tasks() {
      var all = new LinkedHashMap<>(standing);
      boolean live = all.values().stream().anyMatch(TaskStanding::live);
      return all.keySet().stream()
          .filter(t -> !live || Objects.requireNonNull(all.get(t)).live())
          .sorted((a, b) -> a.toString().compareTo(b.toString()))
          .toList();
    }

    @Override
    public boolean expectsMore() {
      asked.incrementAndGet();
      return service;
    }

    @Override
    public Optional<TaskStanding> standing(Arn task) {
      asked.incrementAndGet();
      return Optional.ofNullable(standing.get(task));
    }

    @Override
    public Optional<String> machine(Arn task) {
      return Optional.ofNullable(machines.get(task));
    }

    @Override
    public List<TaskStream> streams(Arn task) {
      return streams.containsKey(task.toString())
          ? List.of(new TaskStream("app", ACCOUNT, REGION, "/web", task.toString()))
          : List.of();
    }

    @Override
    public Optional<InputStream> local(String task, long from, boolean follow, boolean whole)
        throws IOException {
      String text = written.remove(task);
      return text == null
          ? Optional.empty()
          : Optional.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public Logs.Page stored(List<TaskStream> asked, long from, @Nullable Position after) {
      var lines = new ArrayList<Logs.Line>();
      asked.forEach(
          s ->
              streams.getOrDefault(s.stream(), List.of()).stream()
                  .filter(l -> l.timestamp() >= from)
                  .forEach(lines::add));
      return new Logs.Page(lines, null);
    }
  }

  @Test
  void mergesTheOutputOfAllMachinesAndSaysWhoseCannotBeHad() throws Exception {
    var tasks = new Tasks();
    Arn here = tasks.task(1, null);
    Arn there = tasks.task(2, "b");
    var _ = tasks.task(3, "c");
    tasks.local(here, 10, "one");
    tasks.stored(there, 20, "two");
    tasks.local(here, 30, "three");
    var seen = new Seen();
    new TaskOutput(tasks, NOW).show(0, false, seen);
    assertThat(seen.text)
        .containsExactly("11111111/app | one\n", "22222222/app | two\n", "11111111/app | three\n");
    assertThat(seen.notes).hasSize(1);
    assertThat(seen.notes.getFirst())
        .startsWith("task 33333333")
        .contains("runs on the machine c", "docker logs CONTAINER");
  }

  @Test
  void oneTaskOfOneContainerIsShownWithoutALabel() throws Exception {
    var tasks = new Tasks();
    tasks.service = false;
    tasks.local(tasks.task(1, null), 0, "as it is");
    var seen = new Seen();
    new TaskOutput(tasks, NOW).show(0, false, seen);
    assertThat(seen.text).containsExactly("as it is");
    assertThat(seen.notes).isEmpty();
  }

  @Test
  void whereNothingCanBeHadItIsRefused() {
    var tasks = new Tasks();
    var _ = tasks.task(3, "c");
    assertThatThrownBy(() -> new TaskOutput(tasks, NOW).show(0, false, new Seen()))
        .isInstanceOf(NothingShown.class)
        .hasMessageContaining("runs on the machine c");
    assertThatThrownBy(() -> new TaskOutput(new Tasks(), NOW).show(0, false, new Seen()))
        .isInstanceOf(NothingShown.class)
        .hasMessageContaining("no container of this task");
  }

  @Test
  void followsTheTasksThatComeUntilTheServiceIsGone() throws Exception {
    var tasks = new Tasks();
    Arn first = tasks.task(1, null);
    Arn other = tasks.task(2, "b");
    tasks.local(first, 10, "old");
    tasks.stored(other, 20, "elsewhere");
    var seen = new Seen();
    Thread follower =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    new TaskOutput(tasks, NOW).show(0, true, seen);
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });
    seen.await("11111111/app | old\n");
    seen.await("22222222/app | elsewhere\n");
    tasks.stored(other, 20, "elsewhere again");
    seen.await("22222222/app | elsewhere again\n");

    Arn next = tasks.task(4, null);
    tasks.local(next, 40, "new");
    tasks.stop(first);
    seen.await("44444444/app | new\n");
    assertThat(follower.isAlive()).isTrue();

    tasks.stop(next);
    tasks.stop(other);
    tasks.service = false;
    assertThat(follower.join(java.time.Duration.ofSeconds(30))).isTrue();
    assertThat(seen.text).doesNotHaveDuplicates().hasSize(4);
  }

  /** Each question reads the state, and an answer holds for all lines of a task. */
  @Test
  void asksForTheServiceOnceAndNotForEachLine() throws Exception {
    var tasks = new Tasks();
    Arn task = tasks.task(1, null);
    for (int i = 0; i < 5_000; i++) {
      tasks.local(task, i, "line " + i);
    }
    tasks.stop(task);
    var seen = new Seen();
    var following = new Following(tasks, NOW, seen);
    tasks.service = false;
    following.follow(0);
    assertThat(seen.text).hasSize(5_000).endsWith("11111111/app | line 4999\n");
    assertThat(tasks.asked).hasValueLessThan(100);
  }
}
