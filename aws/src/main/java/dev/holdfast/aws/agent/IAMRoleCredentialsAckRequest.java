// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import org.jspecify.annotations.Nullable;

/** Acknowledges one set of role credentials. {@code expiration} echoes the credentials. */
public record IAMRoleCredentialsAckRequest(
    @Nullable String messageId, @Nullable String expiration, String credentialsId)
    implements AgentMessage.FromAgent {
  public IAMRoleCredentialsAckRequest {
    credentialsId = Required.member(credentialsId, "credentialsId");
  }
}
