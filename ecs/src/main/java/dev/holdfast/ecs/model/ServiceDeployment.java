// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.Arn;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of a service from its revisions to another one.
 *
 * @param target the revision to reach
 * @param sources the revisions of which tasks ran when it began
 * @param failures tasks of the target in a row that did not become healthy
 * @param threshold how many of them end the deployment; 0 where nobody counts
 */
public record ServiceDeployment(
    Key key,
    String target,
    List<Source> sources,
    Status status,
    @Nullable String reason,
    int failures,
    int threshold,
    @Nullable Rollback rollback,
    Times times) {

  /** A deployment's place. */
  public record Key(Service.Key service, String id) {
    public Arn arn() {
      return Arn.of(
          "ecs",
          service.region(),
          service.account(),
          "service-deployment/" + service.cluster() + "/" + service.name() + "/" + id);
    }

    public List<String> segments() {
      return ServiceRevision.below(service, id);
    }
  }

  /** A revision that ran. */
  public record Source(String revision, int tasks) {}

  /** AWS's words. */
  public enum Status {
    PENDING,
    SUCCESSFUL,
    STOPPED,
    STOP_REQUESTED,
    IN_PROGRESS,
    ROLLBACK_REQUESTED,
    ROLLBACK_IN_PROGRESS,
    ROLLBACK_SUCCESSFUL,
    ROLLBACK_FAILED
  }

  /** The way back to a revision. */
  public record Rollback(String reason, Instant startedAt, String revision) {}

  /** When things happened. */
  public record Times(
      Instant createdAt,
      Instant updatedAt,
      @Nullable Instant finishedAt,
      @Nullable Instant stoppedAt) {}

  public static ServiceDeployment begun(
      Key key, String target, List<Source> sources, int threshold, Instant at) {
    return new ServiceDeployment(
        key,
        target,
        sources,
        Status.IN_PROGRESS,
        null,
        0,
        threshold,
        null,
        new Times(at, at, null, null));
  }

  /** Whether it goes on. */
  public boolean open() {
    return status == Status.IN_PROGRESS || status == Status.ROLLBACK_IN_PROGRESS;
  }

  public ServiceDeployment failures(int changed, Instant at) {
    return new ServiceDeployment(
        key, target, sources, status, reason, changed, threshold, rollback, updated(at));
  }

  public ServiceDeployment threshold(int changed) {
    return new ServiceDeployment(
        key, target, sources, status, reason, failures, changed, rollback, times);
  }

  public ServiceDeployment finished(Status end, @Nullable String why, Instant at) {
    boolean stopped = end == Status.STOPPED;
    return new ServiceDeployment(
        key,
        target,
        sources,
        end,
        why,
        failures,
        threshold,
        rollback,
        new Times(times.createdAt(), at, stopped ? null : at, stopped ? at : null));
  }

  public ServiceDeployment rolledBack(Rollback to, Instant at) {
    return new ServiceDeployment(
        key,
        target,
        sources,
        Status.ROLLBACK_IN_PROGRESS,
        to.reason(),
        failures,
        threshold,
        to,
        updated(at));
  }

  private Times updated(Instant at) {
    return new Times(times.createdAt(), at, times.finishedAt(), times.stoppedAt());
  }
}
