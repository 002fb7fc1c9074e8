// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.aws.agent.HostGrants;
import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.TaskSpec;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What a task needs that only the owner of a host can allow, in the words of its agent. Pure. */
public final class HostNeeds {
  private HostNeeds() {}

  public static Set<String> of(TaskSpec spec) {
    var needs = new TreeSet<String>();
    if (spec.awsvpc() || "task".equals(spec.pidMode()) || "task".equals(spec.ipcMode())) {
      needs.add(HostGrants.SHARED);
    }
    if (spec.network().equals("host")) {
      needs.add(HostGrants.NETWORK);
    }
    if ("host".equals(spec.pidMode())) {
      needs.add(HostGrants.PID);
    }
    if ("host".equals(spec.ipcMode())) {
      needs.add(HostGrants.IPC);
    }
    for (ContainerSpec container : spec.containerDefinitions()) {
      ContainerSpec.Linux linux = container.linuxParameters();
      ContainerSpec.Capabilities capabilities = linux == null ? null : linux.capabilities();
      if (capabilities != null) {
        capabilities.add().forEach(name -> needs.add(HostGrants.CAPABILITY + name));
      }
      for (ContainerSpec.SystemControl control : container.systemControls()) {
        String name = String.valueOf(control.namespace());
        if (!HostGrants.SYSCTLS.contains(name)) {
          needs.add(HostGrants.SYSCTL + name);
        }
      }
    }
    for (TaskSpec.Volume volume : spec.volumes()) {
      TaskSpec.HostVolume host = volume.host();
      String path = host == null ? null : host.sourcePath();
      List<ContainerSpec.MountPoint> mounts =
          spec.containerDefinitions().stream()
              .flatMap(c -> c.mountPoints().stream())
              .filter(m -> Objects.equals(m.sourceVolume(), volume.name()))
              .toList();
      if (path != null && !path.isEmpty() && !mounts.isEmpty()) {
        boolean readOnly = mounts.stream().allMatch(ContainerSpec.MountPoint::readOnly);
        needs.add(HostGrants.mount(path, readOnly));
      }
    }
    return needs;
  }

  /** What to tell somebody whose task needs what a host does not allow. */
  static String refusal(Set<String> missing, InstanceFacts facts) {
    if (missing.contains(HostGrants.SHARED)) {
      return "the agent of this instance gives the containers of a task no namespaces to share:"
          + " the network mode awsvpc, and `pidMode` and `ipcMode` task, need an agent of ours";
    }
    if (AgentNeeds.named(facts.attributes().keySet())) {
      return "the agent of this instance tells nothing of what its host's owner allows, as an agent"
          + " of ours would: "
          + String.join(", ", missing);
    }
    for (String need : missing) {
      String folder = HostGrants.folder(need);
      if (folder != null && HostGrants.closes(folder, facts.grants())) {
        return "no container gets "
            + folder
            + " of this host, whatever its policy file lists: the container engine's socket or the"
            + " agent's own files are there";
      }
    }
    return "the host's own policy file does not allow "
        + String.join(", ", missing)
        + ": its owner can list it in /etc/holdfast/host-policy.json as "
        + String.join(", ", missing.stream().map(HostNeeds::setting).toList());
  }

  private static String setting(String need) {
    String folder = HostGrants.folder(need);
    if (folder != null) {
      return "`\"bindMounts\": [{\"path\": \""
          + folder
          + "\", \"readOnly\": "
          + need.startsWith(HostGrants.MOUNT_READ_ONLY)
          + "}]`";
    }
    int colon = need.indexOf(':');
    if (colon < 0) {
      return "`\"" + need + "\": true`";
    }
    String list = need.startsWith(HostGrants.CAPABILITY) ? "capabilities" : "sysctls";
    return "`\"" + list + "\": [\"" + need.substring(colon + 1) + "\"]`";
  }
}
