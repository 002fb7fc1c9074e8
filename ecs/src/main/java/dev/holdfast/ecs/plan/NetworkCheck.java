// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static dev.holdfast.ecs.plan.TaskDefinitionCheck.client;
import static dev.holdfast.ecs.plan.TaskDefinitionCheck.first;

import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.TaskSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides whether containers ask for what their task's network mode has. Pure. */
final class NetworkCheck {
  private static final Set<String> MODES = Set.of("awsvpc", "bridge", "host", "none");

  private NetworkCheck() {}

  /** The mode itself, and what goes with it. */
  static Optional<Fault> mode(TaskSpec spec) {
    String mode = spec.network();
    return first(
        () -> client(!MODES.contains(mode), "Invalid networkMode '" + mode + "'."),
        () ->
            client(
                spec.awsvpc() && spec.requiresCompatibilities().contains("EXTERNAL"),
                "The network mode awsvpc is not supported for EXTERNAL."),
        () ->
            TaskDefinitionCheck.parameter(
                mode.equals("host") && spec.taskRoleArn() != null,
                "`taskRoleArn` with `networkMode` host is not served: the endpoint that hands out"
                    + " credentials is on a task's own network; use bridge or awsvpc"));
  }

  static Optional<Fault> container(ContainerSpec c, TaskSpec spec) {
    String mode = spec.network();
    return first(
        () ->
            client(
                !mode.equals("bridge") && !c.links().isEmpty(),
                "Links are not supported when networkMode=" + mode + "."),
        () ->
            client(
                spec.sharesNetwork() && c.portMappings().stream().anyMatch(NetworkCheck::moved),
                "When networkMode="
                    + mode
                    + ", the host ports and container ports in port mappings must match."),
        () -> spec.sharesNetwork() ? alone(c, mode) : Optional.empty());
  }

  private static boolean moved(ContainerSpec.Port port) {
    return port.fixed() != 0
        && port.containerPort() != null
        && port.fixed() != port.containerPort();
  }

  /** What the one namespace has, and so no container of it by itself. */
  private static Optional<Fault> alone(ContainerSpec c, String mode) {
    return first(
        () -> unsupported(c.hostname() != null && !c.hostname().isEmpty(), "hostname", mode),
        () -> unsupported(!c.dnsServers().isEmpty(), "dnsServers", mode),
        () -> unsupported(!c.dnsSearchDomains().isEmpty(), "dnsSearchDomains", mode),
        () -> unsupported(mode.equals("awsvpc") && !c.extraHosts().isEmpty(), "extraHosts", mode));
  }

  private static Optional<Fault> unsupported(boolean wrong, String member, String mode) {
    return client(wrong, member + " is not supported on container when networkMode=" + mode + ".");
  }

  /** Two containers cannot have the same port of what they share. */
  static Optional<Fault> ports(TaskSpec spec) {
    var taken = new HashSet<String>();
    for (ContainerSpec container : spec.containerDefinitions()) {
      for (ContainerSpec.Port port : container.portMappings()) {
        Integer inside = port.containerPort();
        int place = spec.sharesNetwork() && inside != null ? inside : port.fixed();
        if (place != 0 && !taken.add(place + (port.udp() ? "/udp" : "/tcp"))) {
          return Optional.of(
              Fault.client(
                  "Invalid setting for container '"
                      + container.label()
                      + "'. The host port "
                      + place
                      + " is mapped twice."));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The links of one container. A link's other name is a name on the task's network, so it must
   * mean one container alone.
   */
  static Optional<Fault> links(ContainerSpec c, TaskSpec task) {
    String subject = "Invalid setting for container '" + c.label() + "'. ";
    for (String link : c.links()) {
      int colon = link.indexOf(':');
      String name = colon < 0 ? link : link.substring(0, colon);
      String alias = colon < 0 ? name : link.substring(colon + 1);
      if (task.container(name) == null) {
        return Optional.of(
            Fault.client(
                subject + "It links to '" + name + "', which is no container of the task."));
      }
      if (!alias.matches("[a-zA-Z0-9_.-]{1,255}")) {
        return Optional.of(Fault.client(subject + "The link '" + link + "' is not valid."));
      }
      if (!alias.equals(name) && meansAnother(alias, name, task)) {
        return Optional.of(
            Fault.client(
                subject
                    + "The link '"
                    + link
                    + "' gives '"
                    + name
                    + "' a name that another container of the task has."));
      }
    }
    return Optional.empty();
  }

  private static boolean meansAnother(String alias, String name, TaskSpec task) {
    return task.container(alias) != null
        || task.containerDefinitions().stream()
            .map(ContainerSpec::links)
            .flatMap(List::stream)
            .anyMatch(l -> l.endsWith(":" + alias) && !l.startsWith(name + ":"));
  }
}
