// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.port;

import java.util.List;

/**
 * The machine that the platform runs on.
 *
 * @param name the host's name
 * @param architecture {@code X86_64} or {@code ARM64}
 * @param cpu units, 1024 a core
 * @param memory MiB that tasks may use
 * @param reservedTcp ports that tasks may not have, such as the platform's own
 */
public record LocalHost(
    String name,
    String architecture,
    int cpu,
    int memory,
    List<Integer> reservedTcp,
    List<Integer> reservedUdp) {
  public LocalHost {
    reservedTcp = List.copyOf(reservedTcp);
    reservedUdp = List.copyOf(reservedUdp);
  }
}
