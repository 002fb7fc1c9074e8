// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

/**
 * What the command of a session writes.
 *
 * @param error whether it was written to its standard error; with a terminal nothing is
 */
@SuppressWarnings("ArrayRecordComponent")
public record ExecOutputMessage(byte[] data, boolean error) implements AgentMessage.FromAgent {
  public ExecOutputMessage {
    data = Required.member(data, "data");
  }

  @Override
  public String toString() {
    return "ExecOutputMessage[" + data.length + " bytes]";
  }
}
