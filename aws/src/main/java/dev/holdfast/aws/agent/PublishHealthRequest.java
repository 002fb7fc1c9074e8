// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The health of containers that have a health check, every 20 s. */
public record PublishHealthRequest(@Nullable Metadata metadata, List<TaskHealth> tasks)
    implements AgentMessage.Telemetry {

  /** Where the report comes from; the last message of a series has {@code fin}. */
  public record Metadata(
      @Nullable String cluster,
      @Nullable String containerInstance,
      @Nullable String messageId,
      boolean fin) {}

  /** The health of one task's containers. */
  public record TaskHealth(
      String taskArn,
      @Nullable String clusterArn,
      @Nullable String taskDefinitionFamily,
      @Nullable String taskDefinitionVersion,
      List<ContainerHealth> containers) {
    public TaskHealth {
      taskArn = Required.member(taskArn, "taskArn");
    }
  }

  /**
   * One container's health: HEALTHY, UNHEALTHY or UNKNOWN, since {@code statusSince} (epoch
   * seconds).
   */
  public record ContainerHealth(
      String containerName, @Nullable String healthStatus, @Nullable Double statusSince) {
    public ContainerHealth {
      containerName = Required.member(containerName, "containerName");
    }
  }
}
