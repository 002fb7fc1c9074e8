// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import dev.holdfast.agent.engine.Container;
import dev.holdfast.agent.engine.ContainerLogs;
import dev.holdfast.agent.engine.DockerEngine;
import dev.holdfast.agent.host.TaskNetworks;
import dev.holdfast.agent.logs.FollowedLogs;
import dev.holdfast.agent.logs.MergedLogs;
import dev.holdfast.agent.task.ContainerRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Reads what the containers of a task wrote, from the engine itself. */
public final class TaskLogs {
  /** So long is waited for the containers of a task that is followed: its image is being pulled. */
  private static final Duration COMING = Duration.ofSeconds(10);

  private static final Duration LOOK = Duration.ofMillis(500);

  private TaskLogs() {}

  /**
   * What is asked for.
   *
   * @param task its ARN, or its id
   * @param container one container's name; null means all of them
   * @param since from when on
   * @param follow whether to go on until the containers end
   * @param whole whether the output of one container is given as it is, not line by line
   */
  public record Wanted(
      String task, @Nullable String container, Instant since, boolean follow, boolean whole) {}

  /**
   * Reads the output of a task, each line marked with its container. For those of a task that is to
   * be followed it waits a while.
   *
   * @return whether the task has containers here
   */
  public static boolean read(Path socket, String installation, Wanted wanted, MergedLogs.Sink sink)
      throws IOException {
    try (DockerEngine engine = DockerEngine.open(socket, DockerEngine.FOLLOWED)) {
      List<MergedLogs.Source> there =
          wanted.follow()
              ? await(engine, installation, wanted)
              : find(engine, installation, wanted);
      if (there.isEmpty()) {
        return false;
      }
      if (wanted.follow()) {
        new FollowedLogs(engine.containers(), wanted.since(), sink)
            .read(() -> find(engine, installation, wanted));
      } else if (wanted.whole() && there.size() == 1) {
        alone(engine, there.getFirst(), wanted.since(), sink);
      } else {
        new MergedLogs(engine.containers(), wanted.since()).read(there, sink);
      }
      return true;
    }
  }

  private static List<MergedLogs.Source> await(
      DockerEngine engine, String installation, Wanted wanted) throws IOException {
    long began = System.nanoTime();
    List<MergedLogs.Source> there = find(engine, installation, wanted);
    while (there.isEmpty()
        && System.nanoTime() - began < COMING.toNanos()
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(LOOK.toNanos());
      there = find(engine, installation, wanted);
    }
    return there;
  }

  private static void alone(
      DockerEngine engine, MergedLogs.Source source, Instant since, MergedLogs.Sink sink) {
    try (ContainerLogs logs = engine.containers().logs(source.id(), false, since)) {
      for (var piece = logs.next(); piece != null; piece = logs.next()) {
        sink.line(source.label(), 0, piece.text());
      }
    } catch (IOException _) {
      // The container is gone, keeps no output, or nobody reads any more.
    }
  }

  private static List<MergedLogs.Source> find(
      DockerEngine engine, String installation, Wanted wanted) throws IOException {
    String task = wanted.task();
    var found = new ArrayList<MergedLogs.Source>();
    String label =
        task.startsWith("arn:")
            ? TaskNetworks.TASK + "=" + task
            : TaskNetworks.INSTALLATION + "=" + installation;
    for (var listed : engine.containers().listed(label)) {
      String arn = listed.labels().get(TaskNetworks.TASK);
      boolean asked =
          Objects.equals(listed.labels().get(TaskNetworks.INSTALLATION), installation)
              && arn != null
              && (arn.equals(task) || arn.endsWith("/" + task));
      Container container = asked ? engine.containers().inspect(listed.id()) : null;
      String only = wanted.container();
      String name =
          container == null ? "" : container.labels().getOrDefault(ContainerRequest.CONTAINER, "");
      if (container != null && !name.isEmpty() && (only == null || only.equals(name))) {
        found.add(
            new MergedLogs.Source(
                container.id(), name, container.startedAt(), container.running()));
      }
    }
    return found;
  }
}
