// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.FailStopDisk;
import dev.holdfast.kit.disk.PowerCut;
import dev.holdfast.kit.disk.RecordingDisk;
import dev.holdfast.kit.disk.Step;
import dev.holdfast.kit.disk.Tape;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whenever the power goes, the agent knows every task that it took, as it was last saved or newer.
 */
class TaskFilesPowerCutTest {
  private static final int STATES = PowerCut.isLong() ? 12_000 : 1_000;
  private static final int SAVES = 4;

  private Path root = Path.of("");

  /** A task was saved for the given time, or, with -1, is being deleted. */
  private record Saved(String arn, int time) {}

  @BeforeEach
  void make() throws IOException {
    root = PowerCut.folder();
  }

  @AfterEach
  void clear() throws IOException {
    PowerCut.clear(root);
  }

  private static TaskFiles.Entry entry(PayloadTask task, int time) {
    return new TaskFiles.Entry(
        task, "i" + time, false, Map.of(), false, TaskState.fresh(List.of("web")));
  }

  private Tape tape() throws IOException {
    var disk = new RecordingDisk(root);
    var files = new TaskFiles(root.resolve("tasks"), disk);
    PayloadTask task = TaskMachineTest.task("{\"name\":\"web\",\"image\":\"busybox\"}");
    for (int time = 0; time < SAVES; time++) {
      files.save(entry(task, time));
      disk.promise(new Saved(task.arn(), time));
    }
    disk.promise(new Saved(task.arn(), -1));
    files.delete(task.arn());
    return disk.tape();
  }

  private static void check(Path root, Disk disk, List<Object> promised) throws IOException {
    Path folder = root.resolve("tasks");
    var files = new TaskFiles(folder, disk);
    var there = new HashMap<String, Integer>();
    for (TaskFiles.Entry entry : files.load()) {
      there.put(entry.task().arn(), Integer.parseInt(entry.instanceArn().substring(1)));
    }
    int found = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path _ : all) {
        found++;
      }
    }
    assertThat(found).as("files that nobody can read").isEqualTo(there.size());
    if (!promised.isEmpty()) {
      var last = (Saved) promised.getLast();
      if (last.time() >= 0) {
        assertThat(there.getOrDefault(last.arn(), -1)).isGreaterThanOrEqualTo(last.time());
      }
    }
  }

  @Test
  void knowsEveryTaskAsItWasSaved() throws IOException {
    PowerCut.play("task files", tape(), STATES, 1, TaskFilesPowerCutTest::check);
  }

  @Test
  void knowsWhatAKilledAgentSaved() throws IOException {
    var disk = new RecordingDisk(root);
    PayloadTask task = TaskMachineTest.task("{\"name\":\"web\",\"image\":\"busybox\"}");
    var killed = new TaskFiles(root.resolve("tasks"), disk);
    // A draft, its content, its sync, its name; the folder's sync comes no more.
    disk.killAfter(4);
    assertThatThrownBy(() -> killed.save(entry(task, 0))).isInstanceOf(RecordingDisk.Killed.class);
    disk.revive();
    assertThat(new TaskFiles(root.resolve("tasks"), disk).load()).hasSize(1);
    disk.promise(new Saved(task.arn(), 0));
    PowerCut.play("a killed agent's files", disk.tape(), STATES, 5, TaskFilesPowerCutTest::check);
  }

  /** An agent whose sync failed ends; the next one goes on with what it finds. */
  @Test
  void knowsEveryTaskAfterASyncThatFailed() throws IOException {
    PayloadTask task = TaskMachineTest.task("{\"name\":\"web\",\"image\":\"busybox\"}");
    boolean failed = true;
    for (int syncs = 0; failed; syncs++) {
      clear();
      make();
      var disk = new RecordingDisk(root);
      var files = new TaskFiles(root.resolve("tasks"), new FailStopDisk(disk));
      disk.failSyncAfter(syncs);
      for (int time = 0; time < SAVES; time++) {
        save(files, disk, task, time);
      }
      failed = !disk.failureIsToCome();
      disk.revive();
      save(new TaskFiles(root.resolve("tasks"), new FailStopDisk(disk)), disk, task, SAVES);
      PowerCut.play(
          "task files, sync " + syncs + " failed",
          disk.tape(),
          STATES / 5,
          6 + syncs,
          TaskFilesPowerCutTest::check);
    }
  }

  private static void save(TaskFiles files, RecordingDisk disk, PayloadTask task, int time) {
    try {
      files.save(entry(task, time));
      disk.promise(new Saved(task.arn(), time));
    } catch (IOException _) {
      // nobody is told
    }
  }

  @Test
  void needsEverySync() throws IOException {
    Tape tape = tape();
    // The folder's, and then the first of a folder that is empty still.
    for (int sync : tape.syncs().subList(2, tape.syncs().size())) {
      assertThat(PowerCut.fails(tape.without(sync), STATES, 2, TaskFilesPowerCutTest::check))
          .as("without step %d, %s", sync, tape.steps().get(sync))
          .isTrue();
    }
    assertThat(PowerCut.fails(tape.movesBeforeSync(), STATES, 3, TaskFilesPowerCutTest::check))
        .isTrue();
    assertThat(
            PowerCut.fails(
                tape.withoutAll(Step.Sync.class), STATES, 4, TaskFilesPowerCutTest::check))
        .isTrue();
  }
}
