// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import java.util.List;

/**
 * Tasks to start or stop. {@code seqNum} and {@code timeline} come from one counter per container
 * instance that never falls; {@code generatedAt} is epoch milliseconds.
 */
public record PayloadMessage(
    String messageId,
    String clusterArn,
    String containerInstanceArn,
    long generatedAt,
    long seqNum,
    long timeline,
    List<PayloadTask> tasks)
    implements AgentMessage.FromPlatform {
  public PayloadMessage {
    messageId = Required.member(messageId, "messageId");
    clusterArn = Required.member(clusterArn, "clusterArn");
    containerInstanceArn = Required.member(containerInstanceArn, "containerInstanceArn");
  }

  /** The ARNs and desired states only: tasks carry credentials and environment. */
  @Override
  public String toString() {
    return "PayloadMessage[" + messageId + ", seqNum=" + seqNum + ", " + tasks + "]";
  }
}
