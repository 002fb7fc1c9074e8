// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

/**
 * A bridge network on this host, for one task or ready for the next.
 *
 * @param bridge its interface on the host
 * @param gateway the host's address in it
 */
record HostNetwork(String id, String name, String bridge, String subnet, String gateway) {
  TaskNetwork of(String taskArn) {
    return new TaskNetwork(id, name, taskArn, bridge, subnet, gateway);
  }
}
