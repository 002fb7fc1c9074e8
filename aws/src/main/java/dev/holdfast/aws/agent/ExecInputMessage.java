// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

/** What is typed into a session; nothing at all is the end of the input. */
@SuppressWarnings("ArrayRecordComponent")
public record ExecInputMessage(byte[] data) implements AgentMessage.FromPlatform {
  public ExecInputMessage {
    data = Required.member(data, "data");
  }

  @Override
  public String toString() {
    return "ExecInputMessage[" + data.length + " bytes]";
  }
}
