// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.cgroup;

import dev.holdfast.agent.plan.TaskLimits;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * The control groups of this host's tasks: one for each task with limits of its own, in which the
 * engine makes those of its containers, so that they are held to the limits together. All of an
 * installation lie below one place, and what is there of tasks that are gone is found again.
 */
public sealed interface TaskCgroups permits CgroupFolders, CgroupSlices, NoCgroups {
  /** Where Linux has its hierarchies. */
  Path HIERARCHIES = Path.of("/sys/fs/cgroup");

  /** Where units are that end with the machine's run. */
  Path UNITS = Path.of("/run/systemd/system");

  /** Why tasks are not held to limits of their own here; empty where they are. */
  String lacking();

  /**
   * Makes a task's group with its limits, or sets them again.
   *
   * @return what the engine is told as the parent of its containers' groups
   */
  String place(String id, TaskLimits limits) throws IOException;

  /** Removes a task's group; one that is not there is as good as removed. */
  void remove(String id) throws IOException;

  /** The tasks of this installation that have a group. */
  Set<String> ids() throws IOException;

  /** The name by which a task's group goes: the end of its ARN, or a hash where that is no name. */
  static String id(String taskArn) {
    String end = taskArn.substring(taskArn.lastIndexOf('/') + 1);
    return end.matches("[A-Za-z0-9]{1,64}") ? end : Hashes.sha256Hex(taskArn).substring(0, 32);
  }

  /**
   * The groups of a host as its engine manages them.
   *
   * @param info what the engine says of its host
   * @param installation the installation's id: lower-case letters and digits
   */
  static TaskCgroups open(JsonObject info, String installation) {
    return open(info, installation, HIERARCHIES, UNITS);
  }

  /** As the shorter one, with the folders given. */
  static TaskCgroups open(JsonObject info, String installation, Path hierarchies, Path units) {
    if (info.array("SecurityOptions").contains(new JsonString("name=rootless"))) {
      return new NoCgroups("the container engine runs without root");
    }
    String driver = String.valueOf(info.string("CgroupDriver"));
    try {
      return switch (driver) {
        case "cgroupfs" ->
            CgroupFolders.open(hierarchies, "2".equals(info.string("CgroupVersion")), installation);
        case "systemd" -> CgroupSlices.open(units, "systemctl", installation);
        default -> new NoCgroups("the container engine has the cgroup driver " + driver);
      };
    } catch (IOException e) {
      return new NoCgroups(String.valueOf(e.getMessage()));
    }
  }
}
