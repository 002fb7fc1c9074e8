// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.agent.engine.Container;
import dev.holdfast.agent.task.ContainerState.Phase;
import dev.holdfast.agent.task.TaskState.Reported;
import dev.holdfast.agent.task.TaskState.Status;
import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of one SubmitTaskStateChange: the task's status and the containers whose status has
 * changed. Reasons are cut at 1024 characters.
 */
public record TaskReport(
    String taskArn,
    @Nullable String clusterArn,
    Status status,
    String reason,
    List<ContainerReport> containers,
    @Nullable Instant pullStartedAt,
    @Nullable Instant pullStoppedAt,
    @Nullable Instant executionStoppedAt) {
  private static final int MAX_REASON = 1024;

  /** One container's part of the report. */
  public record ContainerReport(
      String name,
      @Nullable String runtimeId,
      @Nullable String imageDigest,
      Status status,
      @Nullable Integer exitCode,
      @Nullable String reason,
      List<Container.Binding> bindings) {}

  /**
   * What the platform does not know yet, or null. A task that ran and ended between two reports is
   * first reported as running, so that the platform sees every step.
   */
  public static @Nullable TaskReport next(PayloadTask task, TaskState state) {
    Reported known = state.reported();
    Status status = status(state);
    boolean ranUnseen =
        status == Status.STOPPED
            && known.task() != Status.RUNNING
            && known.task() != Status.STOPPED
            && state.containers().values().stream().allMatch(ContainerState::everStarted);
    if (ranUnseen) {
      status = Status.RUNNING;
    }
    if (known.task() != null && status.compareTo(known.task()) < 0) {
      status = known.task();
    }
    var changed = new ArrayList<ContainerReport>();
    for (PayloadContainer container : task.containers()) {
      ContainerState now = state.container(container.name());
      Status shown = ranUnseen ? Status.RUNNING : status(now);
      Status before = known.containers().get(container.name());
      if (shown != Status.PENDING && (before == null || shown.compareTo(before) > 0)) {
        changed.add(report(container.name(), now, shown, state.address()));
      }
    }
    boolean news = status != Status.PENDING && status != known.task();
    if (changed.isEmpty() && !news) {
      return null;
    }
    return new TaskReport(
        task.arn(),
        task.taskClusterArn(),
        status,
        status == Status.STOPPED ? cut(reason(task, state)) : "",
        List.copyOf(changed),
        state.pullStartedAt(),
        state.pullStoppedAt(),
        state.executionStoppedAt());
  }

  /** What the platform knows once it has acknowledged this report. */
  Reported acknowledged(Reported before) {
    var containers = new HashMap<>(before.containers());
    this.containers.forEach(c -> containers.put(c.name(), c.status()));
    return new Reported(status, containers);
  }

  /** A task's own address is told as a binding of each container that names no ports. */
  private static ContainerReport report(
      String name, ContainerState now, Status shown, @Nullable String address) {
    boolean ended = shown == Status.STOPPED;
    String why = now.reason();
    return new ContainerReport(
        name,
        now.runtimeId(),
        now.imageDigest(),
        shown,
        ended ? now.exitCode() : null,
        ended && why != null ? cut(why) : null,
        address == null ? now.bindings() : List.of(new Container.Binding(0, "", address, 0)));
  }

  /** The status of the task: as far as its slowest container has come. */
  static Status status(TaskState state) {
    if (state.stopped()) {
      return Status.STOPPED;
    }
    boolean allStarted =
        state.containers().values().stream()
            .allMatch(c -> c.is(Phase.RUNNING) || c.is(Phase.STOPPED) || c.everStarted());
    return allStarted ? Status.RUNNING : Status.PENDING;
  }

  private static Status status(ContainerState container) {
    return switch (container.phase()) {
      case NONE, PULLED -> Status.PENDING;
      case CREATED -> container.everStarted() ? Status.RUNNING : Status.PENDING;
      case RUNNING -> Status.RUNNING;
      case STOPPED -> Status.STOPPED;
    };
  }

  /** The task's own failure, or why a container never started; an exit needs no words. */
  private static String reason(PayloadTask task, TaskState state) {
    String failure = state.failure();
    if (failure != null) {
      return failure;
    }
    for (PayloadContainer container : task.containers()) {
      ContainerState ended = state.container(container.name());
      String why = ended.reason();
      if (container.essential() && why != null && !ended.everStarted()) {
        return why;
      }
    }
    return "";
  }

  private static String cut(String text) {
    return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON);
  }
}
