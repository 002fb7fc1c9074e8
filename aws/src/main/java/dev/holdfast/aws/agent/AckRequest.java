// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import org.jspecify.annotations.Nullable;

/**
 * Acknowledges a {@link PayloadMessage} all of whose tasks were usable, or a {@link
 * TaskManifestMessage}; both ARNs echo the message.
 */
public record AckRequest(
    @Nullable String cluster, @Nullable String containerInstance, String messageId)
    implements AgentMessage.FromAgent {
  public AckRequest {
    messageId = Required.member(messageId, "messageId");
  }
}
