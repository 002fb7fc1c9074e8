// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import dev.holdfast.kit.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The use of resources, every 20 s; at most ten tasks a message. */
public record PublishMetricsRequest(
    @Nullable Metadata metadata, @Nullable Double timestamp, List<TaskMetric> taskMetrics)
    implements AgentMessage.Telemetry {

  /** Where the report comes from; the last message of a series has {@code fin}. */
  public record Metadata(
      @Nullable String cluster,
      @Nullable String containerInstance,
      @Nullable String messageId,
      boolean idle,
      boolean fin) {}

  /** One task's metrics. */
  public record TaskMetric(
      @Nullable String taskArn,
      @Nullable String clusterArn,
      @Nullable String taskDefinitionFamily,
      @Nullable String taskDefinitionVersion,
      List<ContainerMetric> containerMetrics) {}

  /** One container's metrics; the sets are kept as sent. */
  public record ContainerMetric(
      @Nullable String containerName,
      @Nullable JsonValue cpuStatsSet,
      @Nullable JsonValue memoryStatsSet,
      @Nullable JsonValue storageStatsSet,
      @Nullable JsonValue networkStatsSet) {}
}
