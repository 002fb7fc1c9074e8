// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

/** The size of a session's terminal, in characters. */
public record ExecResizeMessage(int columns, int rows) implements AgentMessage.FromPlatform {}
