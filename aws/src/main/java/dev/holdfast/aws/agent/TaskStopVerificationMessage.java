// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import java.util.List;

/**
 * Asks whether the tasks that a manifest did not list shall really stop; {@code messageId} is the
 * manifest's.
 */
public record TaskStopVerificationMessage(String messageId, List<TaskIdentity> stopCandidates)
    implements AgentMessage.FromAgent {
  public TaskStopVerificationMessage {
    messageId = Required.member(messageId, "messageId");
  }
}
