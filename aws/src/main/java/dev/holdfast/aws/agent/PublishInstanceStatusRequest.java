// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state of the container engine, after heartbeats. Times are epoch seconds. */
public record PublishInstanceStatusRequest(
    @Nullable Metadata metadata, @Nullable Double timestamp, List<InstanceStatus> statuses)
    implements AgentMessage.Telemetry {

  /** Where the report comes from. */
  public record Metadata(
      @Nullable String cluster, @Nullable String containerInstance, @Nullable String requestId) {}

  /** One part's state: {@code type} {@code ContainerRuntime}, {@code status} OK or IMPAIRED. */
  public record InstanceStatus(
      @Nullable String type,
      @Nullable String status,
      @Nullable Double lastUpdated,
      @Nullable Double lastStatusChange) {}
}
