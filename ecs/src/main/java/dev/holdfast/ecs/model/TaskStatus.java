// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a task stands.
 *
 * @param version grows with every change that a reader can see
 * @param dispatched whether the agent may have been told of the task
 */
public record TaskStatus(
    Last lastStatus,
    Desired desiredStatus,
    long version,
    boolean dispatched,
    @Nullable String stopCode,
    @Nullable String stoppedReason,
    Times times) {

  /** AWS's words, in the order in which a task goes through them. */
  public enum Last {
    PROVISIONING,
    PENDING,
    ACTIVATING,
    RUNNING,
    DEACTIVATING,
    STOPPING,
    DEPROVISIONING,
    STOPPED
  }

  /** Where the task is wanted. */
  public enum Desired {
    RUNNING,
    STOPPED
  }

  /** When things happened; null where they have not. */
  public record Times(
      Instant createdAt,
      @Nullable Instant connectivityAt,
      @Nullable Instant pullStartedAt,
      @Nullable Instant pullStoppedAt,
      @Nullable Instant startedAt,
      @Nullable Instant stoppingAt,
      @Nullable Instant stoppedAt,
      @Nullable Instant executionStoppedAt) {
    public static Times created(Instant at) {
      return new Times(at, null, null, null, null, null, null, null);
    }

    public Times pulled(@Nullable Instant started, @Nullable Instant stopped) {
      return new Times(
          createdAt,
          connectivityAt,
          pullStartedAt == null ? started : pullStartedAt,
          pullStoppedAt == null ? stopped : pullStoppedAt,
          startedAt,
          stoppingAt,
          stoppedAt,
          executionStoppedAt);
    }

    public Times started(Instant at) {
      return new Times(
          createdAt,
          connectivityAt == null ? at : connectivityAt,
          pullStartedAt,
          pullStoppedAt,
          startedAt == null ? at : startedAt,
          stoppingAt,
          stoppedAt,
          executionStoppedAt);
    }

    public Times stopping(Instant at) {
      return new Times(
          createdAt,
          connectivityAt,
          pullStartedAt,
          pullStoppedAt,
          startedAt,
          stoppingAt == null ? at : stoppingAt,
          stoppedAt,
          executionStoppedAt);
    }

    public Times stopped(Instant at, @Nullable Instant execution) {
      return new Times(
          createdAt,
          connectivityAt,
          pullStartedAt,
          pullStoppedAt,
          startedAt,
          stoppingAt == null ? at : stoppingAt,
          at,
          executionStoppedAt == null ? execution : executionStoppedAt);
    }
  }

  /** A task that was accepted and placed. */
  public static TaskStatus placed(Instant at) {
    return new TaskStatus(Last.PENDING, Desired.RUNNING, 1, false, null, null, Times.created(at));
  }

  public TaskStatus with(Last last, Times changed) {
    return new TaskStatus(
        last, desiredStatus, version + 1, dispatched, stopCode, stoppedReason, changed);
  }

  public TaskStatus with(Times changed) {
    return with(lastStatus, changed);
  }

  /** The task is wanted stopped; the first code and reason stay. */
  public TaskStatus stop(String code, String reason, Times changed) {
    return new TaskStatus(
        lastStatus,
        Desired.STOPPED,
        version + 1,
        dispatched,
        stopCode == null ? code : stopCode,
        stoppedReason == null ? reason : stoppedReason,
        changed);
  }

  public TaskStatus told() {
    return new TaskStatus(lastStatus, desiredStatus, version, true, stopCode, stoppedReason, times);
  }
}
