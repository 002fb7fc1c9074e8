// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service: how many tasks of what are wanted, and how far its deployments are.
 *
 * @param desiredCount as the user asked; of a daemon it is counted by the instances instead
 * @param rollouts the primary first, then those of which tasks are left; of one that is over none
 * @param createdBy who made it
 */
public record Service(
    Key key,
    Status status,
    int desiredCount,
    Settings settings,
    List<Rollout> rollouts,
    Progress progress,
    Instant createdAt,
    String createdBy) {

  /** A service's place. */
  public record Key(AccountId account, Region region, String cluster, String name) {
    public Arn arn() {
      return Arn.of("ecs", region, account, "service/" + cluster + "/" + name);
    }

    public Cluster.Key clusterKey() {
      return new Cluster.Key(account, region, cluster);
    }

    /** The group of its tasks. */
    public String group() {
      return GROUP + name;
    }

    public List<String> segments() {
      return List.of(region.name(), cluster, name);
    }
  }

  /** What stands before a service's name where AWS speaks of the group of its tasks. */
  public static final String GROUP = "service:";

  /** AWS's words. */
  public enum Status {
    ACTIVE,
    DRAINING,
    INACTIVE
  }

  /**
   * What can change without a deployment.
   *
   * @param grace seconds in which a task that has just started may be unhealthy, or null
   * @param propagateTags {@code SERVICE}, {@code TASK_DEFINITION} or null
   * @param echoed members of the request that are shown again as they were given
   */
  public record Settings(
      boolean daemon,
      int minimumHealthyPercent,
      int maximumPercent,
      boolean breaker,
      boolean rollback,
      @Nullable Integer grace,
      boolean managedTags,
      @Nullable String propagateTags,
      JsonObject echoed) {}

  /** Where a rollout is among the others, in AWS's words. */
  public enum Standing {
    PRIMARY,
    ACTIVE
  }

  /** How a rollout goes, in AWS's words. */
  public enum RolloutState {
    IN_PROGRESS,
    COMPLETED,
    FAILED
  }

  /**
   * One of the {@code deployments} that AWS shows: a revision that is to run, or still runs.
   *
   * @param id the revision's; after {@code ecs-svc/} the deployment's
   */
  public record Rollout(
      String id,
      Standing standing,
      int failedTasks,
      RolloutState state,
      String reason,
      Instant createdAt,
      Instant updatedAt) {
    /** What the tasks are started by. */
    public String deployment() {
      return PREFIX + id;
    }

    /** A rollout that begins. */
    public static Rollout begun(String id, Instant at) {
      return new Rollout(
          id,
          Standing.PRIMARY,
          0,
          RolloutState.IN_PROGRESS,
          "ECS deployment " + PREFIX + id + " in progress.",
          at,
          at);
    }

    public Rollout with(Standing changed, Instant at) {
      return new Rollout(id, changed, failedTasks, state, reason, createdAt, at);
    }

    public Rollout with(RolloutState changed, String why, Instant at) {
      return new Rollout(id, standing, failedTasks, changed, why, createdAt, at);
    }

    public Rollout failed(Instant at) {
      return new Rollout(id, standing, failedTasks + 1, state, reason, createdAt, at);
    }
  }

  /** What stands before a revision's id where AWS speaks of the deployment. */
  public static final String PREFIX = "ecs-svc/";

  /**
   * How the scheduler gets on.
   *
   * @param deployment the service deployment that goes on, or the last one
   * @param lastGood the revision of the last deployment that was completed, or null
   * @param failures rounds of starts in a row of which no task became healthy
   * @param failedAt when the last of them was counted
   * @param retryAt before this no task is started, or null
   * @param blocked whether no host took the last task
   * @param steady whether it was told that the service has reached a steady state
   * @param events how many there were
   * @param trouble the last event of its kind, which is not told again while it lasts; or null
   * @param endedAt when it became INACTIVE
   * @param rolledFor the versions of its secrets that it was last rolled for, or null
   */
  public record Progress(
      String deployment,
      @Nullable String lastGood,
      int failures,
      @Nullable Instant failedAt,
      @Nullable Instant retryAt,
      boolean blocked,
      boolean steady,
      long events,
      @Nullable String trouble,
      @Nullable Instant endedAt,
      @Nullable String rolledFor) {
    public static Progress begun(String deployment) {
      return new Progress(deployment, null, 0, null, null, false, false, 0, null, null, null);
    }

    /** Of another deployment: nothing has failed yet. */
    public Progress deploying(String another) {
      return new Progress(
          another, lastGood, 0, null, null, false, false, events, null, null, rolledFor);
    }

    public Progress good(String revision) {
      return new Progress(
          deployment,
          revision,
          0,
          null,
          null,
          blocked,
          steady,
          events,
          trouble,
          endedAt,
          rolledFor);
    }

    public Progress throttled(int times, @Nullable Instant counted, @Nullable Instant until) {
      return new Progress(
          deployment,
          lastGood,
          times,
          counted,
          until,
          blocked,
          steady,
          events,
          trouble,
          endedAt,
          rolledFor);
    }

    public Progress blocked(boolean changed) {
      return new Progress(
          deployment,
          lastGood,
          failures,
          failedAt,
          retryAt,
          changed,
          steady,
          events,
          changed ? trouble : null,
          endedAt,
          rolledFor);
    }

    public Progress steady(boolean changed) {
      return new Progress(
          deployment,
          lastGood,
          failures,
          failedAt,
          retryAt,
          blocked,
          changed,
          events,
          changed ? null : trouble,
          endedAt,
          rolledFor);
    }

    public Progress told(long number) {
      return new Progress(
          deployment,
          lastGood,
          failures,
          failedAt,
          retryAt,
          blocked,
          steady,
          number,
          trouble,
          endedAt,
          rolledFor);
    }

    public Progress troubled(String text) {
      return new Progress(
          deployment,
          lastGood,
          failures,
          failedAt,
          retryAt,
          blocked,
          steady,
          events,
          text,
          endedAt,
          rolledFor);
    }

    public Progress ended(Instant at) {
      return new Progress(
          deployment, lastGood, 0, null, null, false, steady, events, trouble, at, rolledFor);
    }

    /** A deployment for these versions of its secrets has been tried. */
    public Progress rolledFor(String versions) {
      return new Progress(
          deployment,
          lastGood,
          failures,
          failedAt,
          retryAt,
          blocked,
          steady,
          events,
          trouble,
          endedAt,
          versions);
    }
  }

  /** The rollout that is wanted, or null of a service that is over. */
  public @Nullable Rollout primary() {
    return rollouts.isEmpty() ? null : rollouts.getFirst();
  }

  /** The rollout of a revision, or null where none of it is left. */
  public @Nullable Rollout rollout(String id) {
    return rollouts.stream().filter(r -> r.id().equals(id)).findFirst().orElse(null);
  }

  public Service with(Status changed) {
    return new Service(
        key, changed, desiredCount, settings, rollouts, progress, createdAt, createdBy);
  }

  public Service with(Progress changed) {
    return new Service(
        key, status, desiredCount, settings, rollouts, changed, createdAt, createdBy);
  }

  public Service with(List<Rollout> changed) {
    return new Service(
        key, status, desiredCount, settings, changed, progress, createdAt, createdBy);
  }

  public Service with(int count, Settings changed) {
    return new Service(key, status, count, changed, rollouts, progress, createdAt, createdBy);
  }

  /** With one rollout changed. */
  public Service with(Rollout changed) {
    return with(rollouts.stream().map(r -> r.id().equals(changed.id()) ? changed : r).toList());
  }

  /** With this rollout as the primary, and the others after it. */
  public Service led(Rollout first, Instant at) {
    var all = new ArrayList<Rollout>();
    all.add(first);
    for (Rollout other : rollouts) {
      if (!other.id().equals(first.id())) {
        all.add(other.standing() == Standing.ACTIVE ? other : other.with(Standing.ACTIVE, at));
      }
    }
    return with(List.copyOf(all));
  }
}
