// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a host to run a command in a container and to connect it to a session, by a stream of its
 * own ({@code /acs/exec}).
 *
 * @param terminal whether the command gets a terminal
 */
public record HostExecuteCommandMessage(
    String messageId,
    String sessionId,
    String taskArn,
    @Nullable String containerName,
    List<String> command,
    boolean terminal)
    implements AgentMessage.FromPlatform {
  public HostExecuteCommandMessage {
    messageId = Required.member(messageId, "messageId");
    sessionId = Required.member(sessionId, "sessionId");
    taskArn = Required.member(taskArn, "taskArn");
    command = List.copyOf(command);
  }

  /** Without the command, which may hold anything. */
  @Override
  public String toString() {
    return "HostExecuteCommandMessage[" + sessionId + ", " + taskArn + "]";
  }
}
