// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the agent knows of one task.
 *
 * @param busy whether network, volumes and secrets are being prepared or released
 * @param provisioned whether they are there
 * @param failure why the task as a whole cannot run
 * @param released whether its network is gone again
 * @param containers by name, in the task's order
 * @param reported what the platform has acknowledged
 * @param address the task's with the network mode {@code awsvpc}, once it has one
 */
public record TaskState(
    boolean busy,
    boolean provisioned,
    @Nullable String failure,
    boolean released,
    Map<String, ContainerState> containers,
    @Nullable Instant pullStartedAt,
    @Nullable Instant pullStoppedAt,
    @Nullable Instant executionStoppedAt,
    Reported reported,
    @Nullable String address) {

  /** The status of task and containers that the platform has acknowledged. */
  public record Reported(@Nullable Status task, Map<String, Status> containers) {}

  /** The states that an agent reports. */
  public enum Status {
    PENDING,
    RUNNING,
    STOPPED
  }

  public TaskState {
    containers = Collections.unmodifiableMap(new LinkedHashMap<>(containers));
  }

  /** A task of which nothing is done yet. */
  public static TaskState fresh(Iterable<String> names) {
    var containers = new LinkedHashMap<String, ContainerState>();
    names.forEach(name -> containers.put(name, ContainerState.FRESH));
    return new TaskState(
        false,
        false,
        null,
        false,
        containers,
        null,
        null,
        null,
        new Reported(null, Map.of()),
        null);
  }

  /**
   * Whether an agent that starts again with this state comes to a later one by itself: what is
   * prepared is prepared again, and what became of a container that is known is seen by looking. It
   * does not where the later one knows more containers, or knows of any that it has ended.
   */
  boolean leadsTo(TaskState later) {
    return Objects.equals(failure, later.failure)
        && released == later.released
        && Objects.equals(executionStoppedAt, later.executionStoppedAt)
        && containers.keySet().equals(later.containers.keySet())
        && containers.entrySet().stream()
            .allMatch(e -> e.getValue().leadsTo(later.container(e.getKey())));
  }

  public ContainerState container(String name) {
    return containers.getOrDefault(name, ContainerState.FRESH);
  }

  /** Whether every container has stopped. */
  public boolean stopped() {
    return containers.values().stream().allMatch(c -> c.is(ContainerState.Phase.STOPPED));
  }

  /** A copy in which one container has changed. */
  public TaskState with(String name, UnaryOperator<ContainerState> change) {
    var copy = new LinkedHashMap<>(containers);
    copy.put(name, change.apply(container(name)));
    return new TaskState(
        busy,
        provisioned,
        failure,
        released,
        copy,
        pullStartedAt,
        pullStoppedAt,
        executionStoppedAt,
        reported,
        address);
  }

  TaskState working(boolean now) {
    return new TaskState(
        now,
        provisioned,
        failure,
        released,
        containers,
        pullStartedAt,
        pullStoppedAt,
        executionStoppedAt,
        reported,
        address);
  }

  /**
   * After network, volumes and secrets are there.
   *
   * @param own the task's address where it has one of its own
   */
  public TaskState prepared(@Nullable String own) {
    return new TaskState(
        false,
        true,
        failure,
        released,
        containers,
        pullStartedAt,
        pullStoppedAt,
        executionStoppedAt,
        reported,
        own);
  }

  /** After they could not be had. */
  public TaskState failed(String why) {
    return new TaskState(
        false,
        provisioned,
        why,
        released,
        containers,
        pullStartedAt,
        pullStoppedAt,
        executionStoppedAt,
        reported,
        address);
  }

  /** After the network is gone. */
  public TaskState emptied() {
    return new TaskState(
        false,
        false,
        failure,
        true,
        containers,
        pullStartedAt,
        pullStoppedAt,
        executionStoppedAt,
        reported,
        address);
  }

  TaskState pulling(Instant now) {
    return new TaskState(
        busy,
        provisioned,
        failure,
        released,
        containers,
        pullStartedAt == null ? now : pullStartedAt,
        pullStoppedAt,
        executionStoppedAt,
        reported,
        address);
  }

  /** After an image has arrived or failed to. */
  public TaskState pulledAt(Instant now) {
    return new TaskState(
        busy,
        provisioned,
        failure,
        released,
        containers,
        pullStartedAt,
        now,
        executionStoppedAt,
        reported,
        address);
  }

  TaskState stopping(Instant now) {
    return new TaskState(
        busy,
        provisioned,
        failure,
        released,
        containers,
        pullStartedAt,
        pullStoppedAt,
        executionStoppedAt == null ? now : executionStoppedAt,
        reported,
        address);
  }

  TaskState acknowledged(Reported known) {
    return new TaskState(
        busy,
        provisioned,
        failure,
        released,
        containers,
        pullStartedAt,
        pullStoppedAt,
        executionStoppedAt,
        known,
        address);
  }

  /** After the agent came back: nothing is under way, and secrets are to be fetched again. */
  public TaskState adopted() {
    TaskState idle =
        new TaskState(
            false,
            false,
            failure,
            released,
            containers,
            pullStartedAt,
            pullStoppedAt,
            executionStoppedAt,
            reported,
            address);
    for (String name : containers.keySet()) {
      idle = idle.with(name, c -> c.working(false));
    }
    return idle;
  }
}
