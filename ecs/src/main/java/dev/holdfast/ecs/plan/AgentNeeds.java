// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.TaskSpec;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What an agent must be able to do for a task, in AWS's capability names. Pure. */
public final class AgentNeeds {
  private static final String CAPABILITY = "com.amazonaws.ecs.capability.";

  private AgentNeeds() {}

  /** The names, but for those that the registry of an image asks for. */
  public static Set<String> of(TaskSpec spec) {
    var names = new TreeSet<String>();
    names.add(CAPABILITY + "docker-remote-api.1.18");
    add(names, spec.taskRoleArn() != null, CAPABILITY + "task-iam-role");
    add(names, spec.cpu() != null || spec.memory() != null, "ecs.capability.task-cpu-mem-limit");
    add(names, spec.awsvpc(), "ecs.capability.task-eni");
    add(
        names,
        spec.pidMode() != null || spec.ipcMode() != null,
        "ecs.capability.pid-ipc-namespace-sharing");
    for (ContainerSpec c : spec.containerDefinitions()) {
      c.secrets().forEach(s -> names.add(secrets(String.valueOf(s.valueFrom()))));
      add(names, c.healthCheck() != null, "ecs.capability.container-health-check");
      add(names, !c.dependsOn().isEmpty(), "ecs.capability.container-ordering");
      add(names, c.restartPolicy() != null, "ecs.capability.container-restart-policy");
      ContainerSpec.LogConfiguration log = c.logConfiguration();
      if (log != null) {
        names.add(CAPABILITY + "logging-driver." + log.logDriver());
        add(
            names,
            "awslogs".equals(log.logDriver()) && spec.executionRoleArn() != null,
            "ecs.capability.execution-role-awslogs");
      }
    }
    return names;
  }

  private static String secrets(String valueFrom) {
    return ValueFrom.parse(valueFrom, "", "") instanceof ValueFrom.Secret
        ? "ecs.capability.secrets.asm.environment-variables"
        : "ecs.capability.secrets.ssm.environment-variables";
  }

  private static void add(Set<String> names, boolean needed, String name) {
    if (needed) {
      names.add(name);
    }
  }

  /** Whether an agent names its capabilities, as Amazon's does. */
  static boolean named(Set<String> attributes) {
    return attributes.stream().anyMatch(name -> name.startsWith(CAPABILITY));
  }

  /**
   * What an instance's agent cannot do of this, or empty. Agents of ours name no capabilities: they
   * can do all that is served, and tell what their owners allow.
   */
  static Optional<String> lacking(Set<String> needs, Set<String> attributes) {
    if (!named(attributes)) {
      return Optional.empty();
    }
    var missing = new TreeSet<>(needs);
    missing.removeAll(attributes);
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the agent of this instance does not have the attributes that the task requires: "
                + String.join(", ", missing));
  }
}
