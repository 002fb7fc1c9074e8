// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.aws.agent.HostGrants;
import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.TaskSpec;
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
    return "the host's own policy file does not allow "
        + String.join(", ", missing)
        + ": its owner can list it in /etc/holdfast/host-policy.json as "
        + String.join(", ", missing.stream().map(HostNeeds::setting).toList());
  }

  private static String setting(String need) {
    int colon = need.indexOf(':');
    if (colon < 0) {
      return "`\"" + need + "\": true`";
    }
    String list = need.startsWith(HostGrants.CAPABILITY) ? "capabilities" : "sysctls";
    return "`\"" + list + "\": [\"" + need.substring(colon + 1) + "\"]`";
  }
}
