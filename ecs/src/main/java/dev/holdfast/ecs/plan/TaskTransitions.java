// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.ContainerState;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.model.TaskStatus.Desired;
import dev.holdfast.ecs.model.TaskStatus.Last;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a task moves: reports and wishes in, the task's next state out. Never backwards. Pure. */
public final class TaskTransitions {
  /** Characters of a reason that are kept, as by AWS. */
  private static final int LONGEST = 1024;

  private static final String USER = "UserInitiated";
  private static final String FAILED = "TaskFailedToStart";

  /** AWS's word for what a service's scheduler does. */
  public static final String SCHEDULER = "ServiceSchedulerInitiated";

  /** AWS's word for a host that was taken away. */
  private static final String LOST = "TerminationNotice";

  private TaskTransitions() {}

  /** The task after an agent's report; the same object where it says nothing new. */
  public static Task reported(Task task, TaskReport report, Instant now) {
    if (!task.live()) {
      return task;
    }
    List<ContainerState> containers = task.containers();
    for (TaskReport.ContainerReport one : report.containers()) {
      containers =
          containers.stream().map(c -> c.name().equals(one.name()) ? merge(c, one) : c).toList();
    }
    TaskStatus.Times times =
        task.status().times().pulled(report.pullStartedAt(), report.pullStoppedAt());
    Task next = task.with(task.status(), containers);
    if (report.status() == Last.STOPPED) {
      return stopped(next, report, times, now);
    }
    if (report.status() == Last.RUNNING && task.status().lastStatus().compareTo(Last.RUNNING) < 0) {
      return next.with(next.status().with(Last.RUNNING, times.started(now)));
    }
    return containers.equals(task.containers()) && times.equals(task.status().times())
        ? task
        : next.with(next.status().with(times));
  }

  private static ContainerState merge(ContainerState c, TaskReport.ContainerReport report) {
    Last last = report.status();
    return new ContainerState(
        c.name(),
        c.id(),
        c.image(),
        c.pull(),
        c.essential(),
        c.checked(),
        or(report.imageDigest(), c.imageDigest()),
        or(report.runtimeId(), c.runtimeId()),
        last == null || last.compareTo(c.lastStatus()) < 0 ? c.lastStatus() : last,
        report.exitCode() == null ? c.exitCode() : report.exitCode(),
        or(report.reason(), c.reason()),
        c.healthStatus(),
        report.networkBindings().isEmpty() ? c.networkBindings() : report.networkBindings());
  }

  /** What an agent says, as far as it is kept: it comes from a host. */
  private static @Nullable String or(@Nullable String given, @Nullable String before) {
    return given == null || given.isEmpty() ? before : clipped(given);
  }

  private static String clipped(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }

  private static Task stopped(Task task, TaskReport report, TaskStatus.Times times, Instant now) {
    boolean ran =
        task.status().lastStatus() == Last.RUNNING
            || task.containers().stream().anyMatch(c -> c.essential() && c.exitCode() != null);
    String code;
    String reason;
    if (ran) {
      code = "EssentialContainerExited";
      reason = or(report.reason(), "Essential container in task exited");
    } else {
      code = FAILED;
      reason =
          Stream.concat(
                  Stream.ofNullable(report.reason()),
                  task.containers().stream().map(ContainerState::reason).filter(Objects::nonNull))
              .filter(text -> !text.isEmpty())
              .map(TaskTransitions::clipped)
              .findFirst()
              .orElse("Task failed to start");
    }
    TaskStatus.Times end =
        (ran ? times.started(now) : times).stopped(now, report.executionStoppedAt());
    List<ContainerState> containers =
        task.containers().stream().map(TaskTransitions::ended).toList();
    return task.with(
        task.status().stop(code, String.valueOf(reason), end).with(Last.STOPPED, end), containers);
  }

  private static ContainerState ended(ContainerState c) {
    return merge(
        c,
        new TaskReport.ContainerReport(c.name(), Last.STOPPED, null, null, null, null, List.of()));
  }

  /**
   * The task after somebody wants it stopped. One that no agent was told of is stopped at once.
   *
   * @param reason the caller's, or null
   */
  public static Task stop(Task task, @Nullable String reason, Instant now) {
    return stop(
        task, USER, reason == null || reason.isEmpty() ? "Task stopped by user" : reason, now);
  }

  /** The task after the platform gives it up before it ran. */
  public static Task failed(Task task, String reason, Instant now) {
    return stop(task, FAILED, reason, now);
  }

  /** The task after its service's scheduler wants it stopped. */
  public static Task scheduled(Task task, String reason, Instant now) {
    return stop(task, SCHEDULER, reason, now);
  }

  private static Task stop(Task task, String code, String reason, Instant now) {
    if (!task.live() || task.status().desiredStatus() == Desired.STOPPED) {
      return task;
    }
    TaskStatus.Times stopping = task.status().times().stopping(now);
    TaskStatus wanted = task.status().stop(code, reason, stopping);
    if (task.status().dispatched()) {
      return task.with(wanted);
    }
    return task.with(
        wanted.with(Last.STOPPED, stopping.stopped(now, null)),
        task.containers().stream().map(TaskTransitions::ended).toList());
  }

  /** The task after its host is gone for good: whatever ran there is not ours any more. */
  public static Task lost(Task task, String reason, Instant now) {
    if (!task.live()) {
      return task;
    }
    TaskStatus.Times end = task.status().times().stopped(now, null);
    return task.with(
        task.status().stop(LOST, reason, end).with(Last.STOPPED, end),
        task.containers().stream().map(TaskTransitions::ended).toList());
  }

  /** The task after a report on a container's health. */
  public static Task health(Task task, String container, String health) {
    var containers = new ArrayList<ContainerState>();
    for (ContainerState c : task.containers()) {
      containers.add(c.name().equals(container) && c.checked() ? c.healthy(health) : c);
    }
    if (!task.live() || containers.equals(task.containers())) {
      return task;
    }
    return task.with(task.status().with(task.status().times()), containers);
  }

  /** The task's health: that of its essential containers that have a check. */
  public static String health(Task task) {
    List<ContainerState> checked =
        task.containers().stream().filter(c -> c.essential() && c.checked()).toList();
    if (checked.stream().anyMatch(c -> "UNHEALTHY".equals(c.healthStatus()))) {
      return "UNHEALTHY";
    }
    boolean all =
        !checked.isEmpty() && checked.stream().allMatch(c -> "HEALTHY".equals(c.healthStatus()));
    return all ? "HEALTHY" : "UNKNOWN";
  }
}
