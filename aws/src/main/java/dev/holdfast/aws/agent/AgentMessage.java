// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

/**
 * One message of an ACS or TACS websocket. The record's simple name is the message's name on the
 * wire; members carry the wire's names.
 */
public sealed interface AgentMessage {

  /** A message that the platform sends on ACS. */
  sealed interface FromPlatform extends AgentMessage
      permits HeartbeatMessage,
          PayloadMessage,
          IAMRoleCredentialsMessage,
          TaskManifestMessage,
          TaskStopVerificationAck,
          HostInstancesMessage,
          HostExecuteCommandMessage,
          ExecInputMessage,
          ExecResizeMessage,
          ErrorMessage,
          CloseMessage {}

  /** A message that the agent sends on ACS. */
  sealed interface FromAgent extends AgentMessage
      permits HeartbeatAckRequest,
          AckRequest,
          NackRequest,
          IAMRoleCredentialsAckRequest,
          TaskStopVerificationMessage,
          ExecOutputMessage,
          ExecTakenMessage,
          ExecEndMessage {}

  /** A message that the agent sends on TACS. */
  sealed interface Telemetry extends AgentMessage
      permits PublishMetricsRequest, PublishHealthRequest, PublishInstanceStatusRequest {}

  /** What the platform answers on TACS, besides {@link HeartbeatMessage}. */
  sealed interface TelemetryAck extends AgentMessage
      permits AckPublishMetric, AckPublishHealth, AckPublishInstanceStatus {}

  /** The message's name on the wire. */
  default String type() {
    return getClass().getSimpleName();
  }
}
