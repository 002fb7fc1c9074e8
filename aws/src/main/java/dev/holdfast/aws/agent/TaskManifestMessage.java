// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists what should run on the instance. Dropped where {@code timeline} is not above the last
 * manifest and payload; {@code generatedAt} is epoch milliseconds.
 */
public record TaskManifestMessage(
    String messageId,
    @Nullable String clusterArn,
    @Nullable String containerInstanceArn,
    long generatedAt,
    long timeline,
    List<TaskIdentity> tasks)
    implements AgentMessage.FromPlatform {
  public TaskManifestMessage {
    messageId = Required.member(messageId, "messageId");
  }
}
