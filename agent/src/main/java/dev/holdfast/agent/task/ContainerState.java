// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.agent.engine.Container;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the agent knows of one container of a task.
 *
 * @param busy whether a step for it is under way
 * @param runtimeId the engine's id, once it is made
 * @param exitCode of the run that ended; null where it never ran
 * @param health healthy, unhealthy or starting; null without a health check
 * @param firstStartedAt when it first ran; restarts do not change it
 * @param startedAt when its last run began
 */
public record ContainerState(
    Phase phase,
    boolean busy,
    @Nullable String runtimeId,
    @Nullable String imageDigest,
    @Nullable Integer exitCode,
    @Nullable String reason,
    @Nullable String health,
    @Nullable Instant healthSince,
    @Nullable Instant firstStartedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    int restarts,
    List<Container.Binding> bindings) {

  /** How far a container has come. */
  public enum Phase {
    NONE,
    PULLED,
    CREATED,
    RUNNING,
    STOPPED
  }

  /** A container of which nothing is done yet. */
  public static final ContainerState FRESH =
      new ContainerState(
          Phase.NONE, false, null, null, null, null, null, null, null, null, null, 0, List.of());

  /**
   * As {@link TaskState#leadsTo}: it is the same container, and has ended in both or in neither.
   */
  boolean leadsTo(ContainerState later) {
    return Objects.equals(runtimeId, later.runtimeId)
        && is(Phase.STOPPED) == later.is(Phase.STOPPED)
        && restarts == later.restarts;
  }

  /** Whether it has ever run. */
  public boolean everStarted() {
    return firstStartedAt != null;
  }

  public boolean is(Phase wanted) {
    return phase == wanted;
  }

  ContainerState working(boolean now) {
    return new ContainerState(
        phase,
        now,
        runtimeId,
        imageDigest,
        exitCode,
        reason,
        health,
        healthSince,
        firstStartedAt,
        startedAt,
        finishedAt,
        restarts,
        bindings);
  }

  /** After the image has arrived. */
  public ContainerState pulled(@Nullable String digest) {
    return new ContainerState(
        Phase.PULLED,
        false,
        runtimeId,
        digest,
        exitCode,
        reason,
        health,
        healthSince,
        firstStartedAt,
        startedAt,
        finishedAt,
        restarts,
        bindings);
  }

  /** After the engine has made it. */
  public ContainerState created(String id) {
    return new ContainerState(
        Phase.CREATED,
        false,
        id,
        imageDigest,
        exitCode,
        reason,
        health,
        healthSince,
        firstStartedAt,
        startedAt,
        finishedAt,
        restarts,
        bindings);
  }

  ContainerState restarting() {
    return new ContainerState(
        Phase.CREATED,
        true,
        runtimeId,
        imageDigest,
        null,
        null,
        null,
        null,
        firstStartedAt,
        startedAt,
        finishedAt,
        restarts + 1,
        bindings);
  }

  /** The end, with the reason where it is more than an exit. */
  public ContainerState stopped(@Nullable Integer code, @Nullable String why, Instant at) {
    return new ContainerState(
        Phase.STOPPED,
        false,
        runtimeId,
        imageDigest,
        code,
        why,
        health,
        healthSince,
        firstStartedAt,
        startedAt,
        at,
        restarts,
        bindings);
  }

  /** What the engine says about it now; null where the engine does not know it. */
  public ContainerState seen(@Nullable Container container, Instant now) {
    if (phase == Phase.STOPPED) {
      return working(false);
    }
    if (container == null) {
      return runtimeId == null
          ? working(false)
          : stopped(null, "ContainerVanishedError: the container engine no longer has it", now);
    }
    if (container.running()) {
      Instant began = container.startedAt() == null ? now : container.startedAt();
      boolean sameHealth = Objects.equals(health, container.health());
      return new ContainerState(
          Phase.RUNNING,
          false,
          container.id(),
          imageDigest,
          null,
          null,
          container.health(),
          sameHealth ? healthSince : now,
          firstStartedAt == null ? began : firstStartedAt,
          began,
          null,
          restarts,
          container.bindings());
    }
    if (container.ended()) {
      Instant began = container.startedAt();
      Instant ended = container.finishedAt() == null ? now : container.finishedAt();
      String why =
          container.oomKilled()
              ? "OutOfMemoryError: Container killed due to memory usage"
              : container.error().isEmpty()
                  ? null
                  : "CannotStartContainerError: " + container.error();
      return new ContainerState(
          Phase.STOPPED,
          false,
          container.id(),
          imageDigest,
          container.exitCode(),
          why,
          container.health(),
          healthSince,
          firstStartedAt == null ? began : firstStartedAt,
          began,
          ended,
          restarts,
          bindings);
    }
    return working(false);
  }
}
