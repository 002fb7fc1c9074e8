// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.TestEngine;
import dev.holdfast.agent.cgroup.TaskCgroups;
import dev.holdfast.agent.engine.DockerEngine;
import dev.holdfast.agent.engine.Images.RegistryAuth;
import dev.holdfast.agent.host.Firewall;
import dev.holdfast.agent.host.HostPolicy;
import dev.holdfast.agent.host.HostRules;
import dev.holdfast.agent.host.SubnetPool;
import dev.holdfast.agent.host.TaskNetwork;
import dev.holdfast.agent.host.TaskNetworks;
import dev.holdfast.agent.plan.TaskLimits;
import dev.holdfast.agent.task.TaskState.Status;
import dev.holdfast.agent.tidy.PulledImages;
import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.FailStopDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the containers of a task may use together: memory, and the disk. */
@ExtendWith(TestEngine.Available.class)
@Timeout(120)
class TaskResourcesTest {
  private static final String INSTALLATION = "resourcestest";
  private static final String OUT_OF_MEMORY =
      "OutOfMemoryError: Container killed due to memory usage";
  private static final int MIB = 1 << 20;

  private final BlockingQueue<TaskReport> reports = new LinkedBlockingQueue<>();
  @TempDir Path folder;
  private DockerEngine engine;
  private TaskCgroups cgroups;
  private TaskHost host;
  private Tasks tasks;

  @SuppressWarnings("NullAway.Init")
  TaskResourcesTest() {}

  @BeforeEach
  void open() throws IOException {
    engine = TestEngine.start().open();
    cgroups = TaskCgroups.open(engine.info(), INSTALLATION);
    begin();
  }

  @AfterEach
  void close() throws Exception {
    tasks.stopAll(Duration.ofSeconds(30));
    tasks.close();
    assertThat(cgroups.ids()).isEmpty();
    assertThat(engine.volumes().list(TaskNetworks.INSTALLATION + "=" + INSTALLATION)).isEmpty();
    engine.close();
  }

  /** As an agent begins, for the first time or again. */
  private void begin() throws IOException {
    var networks =
        new TaskNetworks(
            engine,
            new Firewall(INSTALLATION, 51697),
            INSTALLATION,
            SubnetPool.parse("10.216.0.0/20"),
            new Random(216),
            1);
    var reporter =
        new TaskReporter() {
          @Override
          public void submit(TaskReport report) {
            reports.add(report);
          }

          @Override
          public void healthChanged(String taskArn) {}
        };
    var gates =
        new TaskHost.NetworkGate() {
          @Override
          public void open(TaskNetwork network) {}

          @Override
          public void close(TaskNetwork network) {}
        };
    host =
        new TaskHost(
            engine,
            networks,
            new HostPolicy(HostRules.DEFAULT),
            cgroups,
            new TaskFiles(folder.resolve("tasks"), new FailStopDisk(Disk.local())),
            new TaskCredentials(),
            (role, wanted) -> Map.of(),
            (authentication, image, role) -> new RegistryAuth("AWS", "x", image),
            reporter,
            gates,
            TaskOutput.NOWHERE,
            PulledImages.open(folder.resolve("images.json"), Disk.local()),
            new TaskHost.Settings(INSTALLATION, "127.0.0.1", "us-east-1", true),
            InstantSource.system());
    tasks = new Tasks(host, new TaskMachine(Duration.ofMinutes(1)), new Random(1));
    tasks.start();
  }

  /** A task of 64 MiB. */
  private static PayloadTask task(String members, String... containers) {
    String frame =
        """
        {"type":"PayloadMessage","message":{"messageId":"m","clusterArn":"c",
         "containerInstanceArn":"i","tasks":[{"arn":"a/t","desiredStatus":"RUNNING",
         "memory":64,"cpu":0.5%s,"containers":[%s]}]}}\
        """
            .formatted(members, String.join(",", containers));
    return ((PayloadMessage) Objects.requireNonNull(AgentFrame.read(frame))).tasks().getFirst();
  }

  /** A container without limits of its own. */
  private static String container(String name, String script, String more) {
    return """
    {"name":"%s","image":"%s","essential":true,"stopTimeout":1,
     "command":["/bin/busybox","sh","-c","%s"]%s}\
    """
        .formatted(name, TestEngine.IMAGE, script, more);
  }

  /** A program that takes so much memory, and then waits, or ends. */
  private static String takes(int mib, boolean waits) {
    return "busybox mkfifo /tmp/f; (busybox head -c "
        + mib * MIB
        + " /dev/zero"
        + (waits ? "; busybox sleep 300" : "")
        + ") >/tmp/f & exec busybox dd bs=60M iflag=fullblock of=/dev/null </tmp/f";
  }

  private TaskReport ended() throws InterruptedException {
    TaskReport report;
    do {
      report = Objects.requireNonNull(reports.poll(60, TimeUnit.SECONDS), "no report");
    } while (report.status() != Status.STOPPED);
    return report;
  }

  private void awaitRunning() throws InterruptedException {
    while (Objects.requireNonNull(reports.poll(60, TimeUnit.SECONDS), "no report").status()
        != Status.RUNNING) {}
  }

  private TaskRunner runner() {
    return Objects.requireNonNull(tasks.find("a/t"));
  }

  @Test
  void endsATaskWhoseContainersTogetherTakeMoreThanItsMemory() throws Exception {
    assertThat(cgroups.lacking()).isEmpty();
    tasks.run(
        task("", container("a", takes(40, true), ""), container("b", takes(40, true), "")), "i");
    ended();
    assertThat(runner().state().containers().values())
        .anySatisfy(
            container -> {
              assertThat(container.exitCode()).isEqualTo(137);
              assertThat(container.reason()).isEqualTo(OUT_OF_MEMORY);
            });
    assertThat(runner().awaitReleased(Duration.ofSeconds(30))).isTrue();
    assertThat(cgroups.ids()).isEmpty();
  }

  @Test
  void letsATaskRunWhoseContainersTogetherTakeLess() throws Exception {
    tasks.run(
        task("", container("a", takes(20, false), ""), container("b", takes(20, false), "")), "i");
    ended();
    assertThat(runner().state().containers().values())
        .anySatisfy(container -> assertThat(container.exitCode()).isZero())
        .allSatisfy(container -> assertThat(container.reason()).isNull());
  }

  @Test
  void findsTheGroupsOfItsTasksAgainAndRemovesThoseOfOthers() throws Exception {
    tasks.run(task("", container("a", "busybox sleep 300", "")), "i");
    awaitRunning();
    assertThat(cgroups.ids()).containsExactly("t");
    tasks.close();
    cgroups.place("gone", new TaskLimits((long) MIB, 0.5, 512));
    assertThat(cgroups.ids()).containsExactly("gone", "t");
    begin();
    assertThat(cgroups.ids()).containsExactly("t");
    tasks.stop("a/t", null);
    ended();
    assertThat(runner().awaitReleased(Duration.ofSeconds(30))).isTrue();
    assertThat(cgroups.ids()).isEmpty();
  }

  @Test
  void givesNoGroupToATaskWithoutSizesOfItsOwn() throws Exception {
    tasks.run(TaskMachineTest.task(container("a", "busybox sleep 300", ",\"memory\":32")), "i");
    awaitRunning();
    assertThat(cgroups.ids()).isEmpty();
  }

  @Test
  void endsATaskThatWroteMoreThanItsStorage() throws Exception {
    tasks.run(
        task(
            ",\"ephemeralStorage\":" + 8 * MIB,
            container("a", writes("/tmp/x", 9), ""),
            container("b", "busybox sleep 300", "")),
        "i");
    awaitWritten(9);
    new EphemeralStorage(host, tasks).look();
    assertThat(ended().reason())
        .startsWith("OutOfStorageError: ")
        .contains("storage is 8.0 MiB", "the container a");
  }

  @Test
  void countsTheVolumesOfATask() throws Exception {
    String mount = ",\"mountPoints\":[{\"sourceVolume\":\"d\",\"containerPath\":\"/data\"}]";
    tasks.run(
        task(
            ",\"ephemeralStorage\":"
                + 8 * MIB
                + ",\"volumes\":[{\"name\":\"d\",\"type\":\"host\",\"host\":{}}]",
            container("a", "(" + writes("/data/x", 9) + ")& " + writes("/tmp/y", 1), mount)),
        "i");
    awaitWritten(1);
    var storage = new EphemeralStorage(host, tasks);
    // The volume may be written after what is beside it: rounds go on, as they do every minute.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (runner().state().failure() == null && System.nanoTime() < deadline) {
      storage.look();
      LockSupport.parkNanos(20_000_000);
    }
    assertThat(ended().reason()).contains("the volume d");
  }

  @Test
  void leavesATaskAloneThatKeepsWithinItsStorage() throws Exception {
    tasks.run(
        task(",\"ephemeralStorage\":" + 64 * MIB, container("a", writes("/tmp/x", 9), "")), "i");
    awaitWritten(9);
    new EphemeralStorage(host, tasks).look();
    assertThat(runner().state().failure()).isNull();
    assertThat(runner().state().stopped()).isFalse();
  }

  private static String writes(String file, int mib) {
    return "busybox dd if=/dev/zero of=" + file + " bs=1M count=" + mib + "; busybox sleep 300";
  }

  /** Until the engine sees that the container {@code a} has written so much. */
  private void awaitWritten(int mib) throws Exception {
    awaitRunning();
    String id = Objects.requireNonNull(runner().state().container("a").runtimeId());
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (engine.containers().written(id) < (long) mib * MIB && System.nanoTime() < deadline) {
      LockSupport.parkNanos(20_000_000);
    }
  }
}
