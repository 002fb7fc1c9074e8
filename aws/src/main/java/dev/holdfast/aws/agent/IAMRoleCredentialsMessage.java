// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import org.jspecify.annotations.Nullable;

/**
 * Renews the credentials of a live task. {@code roleType} is {@code TaskApplication} or {@code
 * TaskExecution}.
 */
public record IAMRoleCredentialsMessage(
    String messageId,
    String taskArn,
    @Nullable String taskClusterArn,
    String roleType,
    RoleCredentials roleCredentials)
    implements AgentMessage.FromPlatform {
  public IAMRoleCredentialsMessage {
    messageId = Required.member(messageId, "messageId");
    taskArn = Required.member(taskArn, "taskArn");
    roleType = Required.member(roleType, "roleType");
    roleCredentials = Required.member(roleCredentials, "roleCredentials");
  }
}
