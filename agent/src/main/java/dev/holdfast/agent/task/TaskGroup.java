// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.agent.cgroup.TaskCgroups;
import dev.holdfast.agent.plan.TaskLimits;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The control group in which the containers of one task are, where the task has limits. */
record TaskGroup(TaskHost host, PayloadTask task) {
  private static final Logger LOG = Logger.getLogger(TaskGroup.class.getName());

  /**
   * Makes it where it is not there, as after a restart of the machine.
   *
   * @return the engine's parent for the containers' own groups; empty where the task has none
   */
  String place() throws IOException {
    TaskLimits limits = TaskLimits.of(task);
    return limits == null ? "" : host.cgroups().place(id(), limits);
  }

  /** A create request that the host policy has admitted, for a container in the group. */
  JsonObject around(JsonObject admitted) throws IOException {
    String parent = place();
    // No task can ask for a parent: it is the agent's to choose.
    return parent.isEmpty()
        ? admitted
        : admitted.with("HostConfig", admitted.object("HostConfig").with("CgroupParent", parent));
  }

  /** As {@link #remove}; what the runtime has not given up yet stays, until the containers go. */
  void leave() {
    try {
      remove();
    } catch (IOException e) {
      LOG.log(Level.INFO, "the cgroup of {0} stays: {1}", new Object[] {task.arn(), e});
    }
  }

  /**
   * Removes it.
   *
   * @throws IOException where something still is in it
   */
  void remove() throws IOException {
    host.cgroups().remove(id());
  }

  private String id() {
    return TaskCgroups.id(task.arn());
  }
}
