// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

/**
 * The bridge network of one task.
 *
 * @param bridge its interface on the host
 * @param gateway the host's address in it, where the agent listens for this task alone
 */
public record TaskNetwork(
    String id, String name, String taskArn, String bridge, String subnet, String gateway) {}
