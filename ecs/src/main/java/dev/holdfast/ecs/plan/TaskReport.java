// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.ContainerState;
import dev.holdfast.ecs.model.TaskStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says of a task.
 *
 * @param status PENDING, RUNNING or STOPPED; null where only containers changed
 */
public record TaskReport(
    TaskStatus.@Nullable Last status,
    @Nullable String reason,
    List<ContainerReport> containers,
    @Nullable Instant pullStartedAt,
    @Nullable Instant pullStoppedAt,
    @Nullable Instant executionStoppedAt) {

  /** What an agent says of a container; null where it says nothing. */
  public record ContainerReport(
      @Nullable String name,
      TaskStatus.@Nullable Last status,
      @Nullable String imageDigest,
      @Nullable String runtimeId,
      @Nullable Integer exitCode,
      @Nullable String reason,
      List<ContainerState.Binding> networkBindings) {}
}
