// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A living task of a service as its scheduler sees it.
 *
 * @param wanted whether nobody has asked it to stop
 * @param place where it runs
 * @param guarded whether its protection lasts
 */
public record Member(
    String task,
    String revision,
    String instance,
    boolean wanted,
    Condition condition,
    Place place,
    boolean guarded,
    Instant createdAt) {

  /** How far a task is from being relied on, the nearest last. */
  public enum Condition {
    UNHEALTHY,
    PENDING,
    /** Running, and not known to be healthy yet. */
    YOUNG,
    HEALTHY
  }

  /** What becomes of the task's host. */
  public enum Place {
    STAYS,
    /** Its agent does not listen now, and may be back in a moment. */
    QUIET,
    /** It takes no new tasks, and is to lose those that it has. */
    DRAINS,
    /** Nobody has heard of it for long. */
    LOST
  }

  /**
   * A task without a health check counts as healthy after so long.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html">Rolling
   *     update</a>
   */
  static final Duration PROVEN = Duration.ofSeconds(40);

  /** Whether it does its work, as far as anybody knows. */
  boolean up() {
    return condition.compareTo(Condition.YOUNG) >= 0;
  }

  boolean healthy() {
    return condition == Condition.HEALTHY;
  }

  /** Whether its agent listens, so that what is known of it is so now. */
  boolean heard() {
    return place != Place.QUIET && place != Place.LOST;
  }

  /** Whether it can be relied on. */
  boolean proven() {
    return healthy() && heard();
  }

  /** Whether its host is to keep it, as far as anybody knows. */
  boolean stays() {
    return place == Place.STAYS || place == Place.QUIET;
  }

  /**
   * A task's condition.
   *
   * @param grace seconds after its start in which a failing health check is overlooked
   */
  public static Condition condition(Task task, int grace, Instant now) {
    if (task.status().lastStatus() != TaskStatus.Last.RUNNING) {
      return Condition.PENDING;
    }
    if (task.containers().stream().noneMatch(c -> c.essential() && c.checked())) {
      Instant proven = provenAt(task);
      return proven == null || proven.isAfter(now) ? Condition.YOUNG : Condition.HEALTHY;
    }
    return switch (TaskTransitions.health(task)) {
      case "HEALTHY" -> Condition.HEALTHY;
      case "UNHEALTHY" -> graced(task, grace).isAfter(now) ? Condition.YOUNG : Condition.UNHEALTHY;
      default -> Condition.YOUNG;
    };
  }

  /** When a task without a health check counts as healthy, or null where it does not run. */
  static @Nullable Instant provenAt(Task task) {
    Instant started = task.status().times().startedAt();
    return started == null ? null : started.plus(PROVEN);
  }

  private static Instant graced(Task task, int grace) {
    Instant started = task.status().times().startedAt();
    return started == null ? Instant.MAX : started.plusSeconds(grace);
  }

  /** When time alone may change the task's condition, or null where it does not. */
  public static @Nullable Instant turns(Task task, int grace, Instant now) {
    if (task.status().lastStatus() != TaskStatus.Last.RUNNING) {
      return null;
    }
    boolean checked = task.containers().stream().anyMatch(c -> c.essential() && c.checked());
    Instant turn = checked ? graced(task, grace) : provenAt(task);
    return turn == null || !turn.isAfter(now) || turn.equals(Instant.MAX) ? null : turn;
  }

  /** Whether a task that has ended was healthy when it was seen last. */
  static boolean wasHealthy(Task task) {
    if (task.containers().stream().anyMatch(c -> c.essential() && c.checked())) {
      return TaskTransitions.health(task).equals("HEALTHY");
    }
    Instant proven = provenAt(task);
    TaskStatus.Times times = task.status().times();
    Instant end =
        times.executionStoppedAt() == null ? times.stoppedAt() : times.executionStoppedAt();
    return proven != null && end != null && !proven.isAfter(end);
  }
}
