// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import org.jspecify.annotations.Nullable;

/** Refuses a message, with the reason. */
public record NackRequest(
    @Nullable String cluster,
    @Nullable String containerInstance,
    String messageId,
    @Nullable String reason)
    implements AgentMessage.FromAgent {
  public NackRequest {
    messageId = Required.member(messageId, "messageId");
  }
}
