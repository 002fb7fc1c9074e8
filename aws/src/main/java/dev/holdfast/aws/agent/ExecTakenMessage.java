// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

/**
 * So many bytes of a session's input are the command's now, and there is room for as many more.
 *
 * @param bytes more than none
 */
public record ExecTakenMessage(int bytes) implements AgentMessage.FromAgent {}
