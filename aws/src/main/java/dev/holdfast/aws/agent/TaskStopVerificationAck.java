// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import java.util.List;

/**
 * Names the tasks to stop; {@code messageId} is the manifest's, {@code generatedAt} epoch
 * milliseconds.
 */
public record TaskStopVerificationAck(
    String messageId, long generatedAt, List<TaskIdentity> stopTasks)
    implements AgentMessage.FromPlatform {
  public TaskStopVerificationAck {
    messageId = Required.member(messageId, "messageId");
  }
}
