// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.agent.task.ContainerState.Phase;
import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadContainer.Dependency;
import dev.holdfast.aws.agent.PayloadContainer.RestartPolicy;
import dev.holdfast.aws.agent.PayloadTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a task needs next. Pure: the same task, state and time give the same decision, and
 * asking again after a decision gives nothing new until something has happened.
 */
public final class TaskMachine {
  private static final Duration STOP = Duration.ofSeconds(30);
  private static final Duration RESTART = Duration.ofMinutes(5);

  private final Duration keepStopped;

  /**
   * Makes the machine.
   *
   * @param keepStopped how long stopped containers stay for their logs
   */
  public TaskMachine(Duration keepStopped) {
    this.keepStopped = keepStopped;
  }

  /**
   * What to do now.
   *
   * @param state with what is under way marked as busy
   * @param wake when to ask again though nothing happens; null means never
   */
  public record Decision(TaskState state, List<Step> steps, @Nullable Instant wake) {}

  private enum Readiness {
    READY,
    WAITING,
    NEVER
  }

  /** The decision for a task that should run, or with {@code stopWanted} should stop. */
  public Decision next(PayloadTask task, boolean stopWanted, TaskState state, Instant now) {
    var work = new Work(task, state, now);
    if (stopWanted || state.failure() != null || work.essentialEnded()) {
      work.stop();
    } else {
      work.run();
      // A container that can never start may be essential, and its end is the task's.
      if (work.essentialEnded()) {
        work.stop();
      }
    }
    if (work.state.stopped()) {
      work.finish(keepStopped);
    }
    return new Decision(work.state, List.copyOf(work.steps), work.wake);
  }

  /** Why a task cannot be run at all, or null. */
  public static @Nullable String fault(PayloadTask task) {
    if (task.containers().isEmpty()) {
      return "the task has no containers";
    }
    var names = new java.util.HashSet<String>();
    for (PayloadContainer container : task.containers()) {
      if (!names.add(container.name())) {
        return "two containers are named " + container.name();
      }
      if (!ImageReference.isOne(container.image())) {
        return "CannotPullContainerError: the image of the container "
            + container.name()
            + " is no reference of the form registry/repository:tag";
      }
    }
    for (PayloadContainer container : task.containers()) {
      for (Dependency dependency : container.dependsOn()) {
        if (!names.contains(dependency.containerName())) {
          return "container " + container.name() + " depends on an unknown container";
        }
      }
    }
    return cyclic(task) ? "Task dependencies cannot be resolved" : null;
  }

  private static boolean cyclic(PayloadTask task) {
    var left = new ArrayList<>(task.containers());
    var done = new java.util.HashSet<String>();
    boolean moved = true;
    while (moved) {
      moved =
          left.removeIf(
              c ->
                  c.dependsOn().stream().allMatch(d -> done.contains(d.containerName()))
                      && done.add(c.name()));
    }
    return !left.isEmpty();
  }

  /** One decision in the making. */
  private static final class Work {
    private final PayloadTask task;
    private final Instant now;
    private final List<Step> steps = new ArrayList<>();
    private TaskState state;
    private @Nullable Instant wake;

    Work(PayloadTask task, TaskState state, Instant now) {
      this.task = task;
      this.state = state;
      this.now = now;
    }

    boolean essentialEnded() {
      return task.containers().stream()
          .filter(PayloadContainer::essential)
          .anyMatch(c -> state.container(c.name()).is(Phase.STOPPED) && !restarts(c));
    }

    void run() {
      if (!state.provisioned() && !state.busy()) {
        state = state.working(true);
        steps.add(new Step.Provision());
      }
      for (PayloadContainer container : task.containers()) {
        ContainerState known = state.container(container.name());
        if (!known.busy()) {
          advance(container, known);
        }
      }
    }

    private void advance(PayloadContainer container, ContainerState known) {
      String name = container.name();
      switch (known.phase()) {
        case NONE -> {
          state = state.pulling(now);
          begin(name, new Step.Pull(name));
        }
        case PULLED -> {
          if (state.provisioned()) {
            switch (readiness(container)) {
              case READY -> begin(name, new Step.Create(name));
              case WAITING -> {}
              case NEVER ->
                  state =
                      state.with(
                          name,
                          c ->
                              c.stopped(
                                  null,
                                  "TaskDependencyError: a container that "
                                      + name
                                      + " depends on did not reach its condition",
                                  now));
            }
          }
        }
        case CREATED -> begin(name, new Step.Start(name));
        case RUNNING -> {}
        case STOPPED -> {
          if (restarts(container)) {
            state = state.with(name, ContainerState::restarting);
            steps.add(new Step.Start(name));
          }
        }
      }
    }

    private void begin(String name, Step step) {
      state = state.with(name, c -> c.working(true));
      steps.add(step);
    }

    private Readiness readiness(PayloadContainer container) {
      Readiness all = Readiness.READY;
      for (Dependency dependency : container.dependsOn()) {
        Readiness one = readiness(dependency);
        if (one == Readiness.NEVER) {
          return one;
        }
        if (one == Readiness.WAITING) {
          all = one;
        }
      }
      for (PayloadContainer.VolumeFrom from : container.volumesFrom()) {
        String source = from.sourceContainer();
        if (source != null && state.container(source).runtimeId() == null) {
          all = Readiness.WAITING;
        }
      }
      return all;
    }

    private Readiness readiness(Dependency dependency) {
      ContainerState other = state.container(dependency.containerName());
      // One that is to be started again has not ended, whichever of the two is looked at first.
      boolean ended = other.is(Phase.STOPPED) && !restarts(dependency.containerName());
      boolean reached =
          switch (dependency.condition()) {
            case "START" -> other.is(Phase.RUNNING) || other.everStarted();
            case "COMPLETE" -> ended && other.everStarted();
            case "SUCCESS" -> ended && Integer.valueOf(0).equals(other.exitCode());
            case "HEALTHY" -> other.is(Phase.RUNNING) && "healthy".equals(other.health());
            default -> false;
          };
      if (reached) {
        return Readiness.READY;
      }
      if (ended) {
        return Readiness.NEVER;
      }
      Integer seconds = startTimeout(dependency.containerName());
      Instant began = other.firstStartedAt();
      if (seconds != null && began != null) {
        Instant end = began.plusSeconds(seconds);
        if (!now.isBefore(end)) {
          return Readiness.NEVER;
        }
        wakeAt(end);
      }
      return Readiness.WAITING;
    }

    private @Nullable Integer startTimeout(String name) {
      return task.containers().stream()
          .filter(c -> c.name().equals(name))
          .map(PayloadContainer::startTimeout)
          .filter(java.util.Objects::nonNull)
          .findFirst()
          .orElse(null);
    }

    private boolean restarts(String name) {
      return task.containers().stream().anyMatch(c -> c.name().equals(name) && restarts(c));
    }

    /** Whether a container that ended is to be started again. */
    private boolean restarts(PayloadContainer container) {
      RestartPolicy policy = container.restartPolicy();
      ContainerState ended = state.container(container.name());
      Instant began = ended.startedAt();
      Instant end = ended.finishedAt();
      Integer code = ended.exitCode();
      if (policy == null || !policy.enabled() || began == null || end == null || code == null) {
        return false;
      }
      Integer period = policy.restartAttemptPeriod();
      Duration least = period == null ? RESTART : Duration.ofSeconds(period);
      return !policy.ignoredExitCodes().contains(code)
          && Duration.between(began, end).compareTo(least) >= 0;
    }

    void stop() {
      state = state.stopping(now);
      for (PayloadContainer container : task.containers()) {
        String name = container.name();
        ContainerState known = state.container(name);
        if (known.busy()) {
          continue;
        }
        switch (known.phase()) {
          case NONE, PULLED, CREATED ->
              state = state.with(name, c -> c.stopped(c.exitCode(), c.reason(), now));
          case RUNNING -> {
            if (dependentsEnded(name)) {
              Integer seconds = container.stopTimeout();
              Duration patience = seconds == null ? STOP : Duration.ofSeconds(seconds);
              begin(name, new Step.Stop(name, patience));
            }
          }
          case STOPPED -> {}
        }
      }
    }

    /** Containers end in the reverse order of their dependencies. */
    private boolean dependentsEnded(String name) {
      return task.containers().stream()
          .filter(c -> c.dependsOn().stream().anyMatch(d -> d.containerName().equals(name)))
          .map(c -> state.container(c.name()))
          .noneMatch(c -> c.is(Phase.RUNNING) || c.busy());
    }

    void finish(Duration keep) {
      if (state.busy()) {
        return;
      }
      if (!state.released()) {
        state = state.working(true);
        steps.add(new Step.Release());
        return;
      }
      Instant ended = state.executionStoppedAt();
      if (state.reported().task() == TaskState.Status.STOPPED && ended != null) {
        Instant end = ended.plus(keep);
        if (now.isBefore(end)) {
          wakeAt(end);
        } else {
          state = state.working(true);
          steps.add(new Step.CleanUp());
        }
      }
    }

    private void wakeAt(Instant at) {
      Instant known = wake;
      if (known == null || at.isBefore(known)) {
        wake = at;
      }
    }
  }
}
