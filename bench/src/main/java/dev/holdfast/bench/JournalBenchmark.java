// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.ecs.api.EventWire;
import dev.holdfast.ecs.control.Journal;
import dev.holdfast.ecs.model.ContainerState;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import dev.holdfast.store.Database;
import dev.holdfast.store.Tx;
import dev.holdfast.store.rocksdb.RocksStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One change of a task on the disk, of a hundred in one commit as a busy moment has them: its row
 * alone, or with the event that tells of it, which is then numbered and written out as it is read.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class JournalBenchmark {
  private static final int TASKS = 100;
  private static final AccountId ACCOUNT = new AccountId("123456789012");
  private static final Region REGION = new Region("us-east-1");
  private static final Instant START = Instant.parse("2026-11-26T00:00:00Z");

  /** Whether the change is told. */
  @Param({"false", "true"})
  public boolean told;

  private final Task[] tasks = new Task[TASKS];
  private Path folder;
  private RocksStore store;
  private dev.holdfast.service.State state;
  private Journal journal;

  @SuppressWarnings("NullAway.Init")
  public JournalBenchmark() {}

  /** Opens a store in a fresh folder. */
  @Setup(Level.Iteration)
  public void open() throws IOException {
    folder = Files.createTempDirectory("journal");
    store = RocksStore.open(folder);
    state = new dev.holdfast.service.State(new Database(store));
    var wire =
        new EventWire(
            new Connections(), new LocalHost("box", "X86_64", 2048, 4096, List.of(), List.of()));
    journal = new Journal(state, wire::event);
    for (int i = 0; i < TASKS; i++) {
      tasks[i] = task("t" + i);
    }
  }

  @TearDown(Level.Iteration)
  public void close() throws IOException {
    store.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static Task task(String id) {
    var container =
        new ContainerState(
            "app",
            "c",
            "i",
            "i",
            true,
            false,
            null,
            null,
            TaskStatus.Last.RUNNING,
            null,
            null,
            null,
            List.of());
    TaskStatus placed = TaskStatus.placed(START).told();
    return new Task(
        new Task.Key(ACCOUNT, REGION, "fleet", id),
        new Task.Launch(
            new TaskDefinition.Key(ACCOUNT, REGION, "app", 1),
            "service:app",
            Service.PREFIX + "1",
            "EC2",
            JsonObject.EMPTY,
            null,
            null),
        new Task.Placement("host", "host"),
        new Task.Environment(null, "none"),
        List.of(),
        new Task.Credentials(null, null, null, null, List.of()),
        placed.with(TaskStatus.Last.RUNNING, placed.times().started(START)),
        List.of(container),
        List.of());
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public int change() {
    var next = new Task[TASKS];
    for (int i = 0; i < TASKS; i++) {
      TaskStatus status = tasks[i].status();
      next[i] = tasks[i].with(status.with(TaskStatus.Last.RUNNING, status.times()));
    }
    int changed = state.own(tx -> put(tx, next));
    System.arraycopy(next, 0, tasks, 0, TASKS);
    if (told) {
      journal.drain();
    }
    return changed;
  }

  private int put(Tx tx, Task[] next) {
    for (int i = 0; i < TASKS; i++) {
      tx.put(EcsTables.TASKS, ACCOUNT, next[i].key(), next[i]);
      if (told) {
        Tasks.tell(tx, tasks[i], next[i], START);
      }
    }
    return TASKS;
  }
}
