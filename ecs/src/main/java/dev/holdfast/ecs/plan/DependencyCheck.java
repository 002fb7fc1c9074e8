// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.TaskSpec;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Decides whether containers can start in the order that they ask for. Pure. */
final class DependencyCheck {
  private static final Set<String> CONDITIONS = Set.of("START", "COMPLETE", "SUCCESS", "HEALTHY");

  private DependencyCheck() {}

  static Optional<Fault> fault(TaskSpec spec) {
    for (ContainerSpec container : spec.containerDefinitions()) {
      for (ContainerSpec.Dependency on : container.dependsOn()) {
        Optional<Fault> fault = dependency(spec, container, on);
        if (fault.isPresent()) {
          return fault;
        }
      }
    }
    for (ContainerSpec container : spec.containerDefinitions()) {
      if (reaches(spec, container, container.label(), new HashSet<>())) {
        return Optional.of(
            Fault.client(
                "The dependencies of the container '" + container.label() + "' form a cycle."));
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> dependency(
      TaskSpec spec, ContainerSpec container, ContainerSpec.Dependency on) {
    String subject = "Invalid setting for container '" + container.label() + "'. ";
    ContainerSpec target = spec.container(on.containerName());
    if (target == null) {
      return Optional.of(
          Fault.client(
              subject
                  + "It depends on '"
                  + on.containerName()
                  + "', which is no container of the task."));
    }
    if (!CONDITIONS.contains(on.condition())) {
      return Optional.of(
          Fault.client(
              subject + "The condition must be one of START, COMPLETE, SUCCESS, HEALTHY."));
    }
    boolean end = on.condition().equals("COMPLETE") || on.condition().equals("SUCCESS");
    if (end && target.isEssential()) {
      return Optional.of(
          Fault.client(
              subject
                  + "The condition "
                  + on.condition()
                  + " cannot be on the essential container '"
                  + target.label()
                  + "'."));
    }
    if (on.condition().equals("HEALTHY") && target.healthCheck() == null) {
      return Optional.of(
          Fault.client(
              subject
                  + "The condition HEALTHY needs a health check on the container '"
                  + target.label()
                  + "'."));
    }
    return Optional.empty();
  }

  private static boolean reaches(TaskSpec spec, ContainerSpec from, String goal, Set<String> seen) {
    for (String name : before(from)) {
      if (name.equals(goal)) {
        return true;
      }
      ContainerSpec next = spec.container(name);
      if (next != null && seen.add(name) && reaches(spec, next, goal, seen)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The containers that come before one: it depends on them, links to them or has their volumes.
   */
  static Set<String> before(ContainerSpec container) {
    var names = new LinkedHashSet<String>();
    container.dependsOn().forEach(d -> names.add(d.containerName()));
    for (String link : container.links()) {
      int colon = link.indexOf(':');
      names.add(colon < 0 ? link : link.substring(0, colon));
    }
    for (ContainerSpec.VolumeFrom from : container.volumesFrom()) {
      names.add(String.valueOf(from.sourceContainer()));
    }
    return names;
  }
}
