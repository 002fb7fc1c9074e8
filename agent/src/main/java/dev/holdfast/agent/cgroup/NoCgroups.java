// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.cgroup;

import dev.holdfast.agent.plan.TaskLimits;
import java.util.Set;

/**
 * A host on which tasks have no groups: each container is held to its own limits alone.
 *
 * @param lacking why
 */
public record NoCgroups(String lacking) implements TaskCgroups {
  @Override
  public String place(String id, TaskLimits limits) {
    return "";
  }

  @Override
  public void remove(String id) {}

  @Override
  public Set<String> ids() {
    return Set.of();
  }
}
