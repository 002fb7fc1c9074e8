// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static dev.holdfast.ecs.plan.TaskDefinitionCheck.client;
import static dev.holdfast.ecs.plan.TaskDefinitionCheck.first;
import static dev.holdfast.ecs.plan.TaskDefinitionCheck.parameter;

import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.TaskSpec;
import java.util.HashSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides whether one container definition is one. Pure. */
final class ContainerCheck {
  private ContainerCheck() {}

  static Optional<Fault> fault(ContainerSpec c, TaskSpec task) {
    return first(
        () ->
            client(
                c.name() == null || c.name().isEmpty(),
                "Container.name should not be null or empty."),
        () ->
            client(
                c.image() == null || c.image().isEmpty(),
                "Container.image should not be null or empty."),
        () ->
            client(
                !c.label().matches("[a-zA-Z0-9_-]{1,255}"),
                "Container.name contains invalid characters."),
        () -> sizes(c),
        () -> ports(c, task),
        () -> NetworkCheck.links(c, task),
        () -> variables(c, task),
        () -> health(c),
        () -> restart(c),
        () -> labels(c),
        () -> LogCheck.fault(c, task),
        () ->
            parameter(
                "disabled".equals(c.versionConsistency()),
                "`versionConsistency` disabled is refused: an image is always resolved to its"
                    + " digest when the definition is registered"),
        () -> within(c, "stopTimeout", c.stopTimeout(), 1, 86_400),
        () -> within(c, "startTimeout", c.startTimeout(), 2, 86_400));
  }

  private static Fault invalid(ContainerSpec c, String text) {
    return Fault.client("Invalid setting for container '" + c.label() + "'. " + text);
  }

  private static Optional<Fault> invalid(boolean wrong, ContainerSpec c, String text) {
    return wrong ? Optional.of(invalid(c, text)) : Optional.empty();
  }

  private static Optional<Fault> within(
      ContainerSpec c, String member, @Nullable Integer value, int min, int max) {
    return invalid(
        value != null && (value < min || value > max),
        c,
        "'" + member + "' must be between " + min + " and " + max + ".");
  }

  private static Optional<Fault> sizes(ContainerSpec c) {
    return first(
        () -> within(c, "cpu", c.cpu(), 0, 1_048_576),
        () -> within(c, "memory", c.memory(), 4, Integer.MAX_VALUE),
        () -> within(c, "memoryReservation", c.memoryReservation(), 4, Integer.MAX_VALUE),
        () ->
            invalid(
                c.memory() != null
                    && c.memoryReservation() != null
                    && c.memoryReservation() > c.memory(),
                c,
                "The 'memoryReservation' must not be greater than 'memory'."));
  }

  private static Optional<Fault> ports(ContainerSpec c, TaskSpec task) {
    for (ContainerSpec.Port port : c.portMappings()) {
      Optional<Fault> fault =
          first(
              () ->
                  invalid(
                      "none".equals(task.networkMode()),
                      c,
                      "Port mappings are not valid with the network mode none."),
              () ->
                  invalid(port.containerPort() == null, c, "A port mapping needs 'containerPort'."),
              () -> within(c, "containerPort", port.containerPort(), 1, 65_535),
              () -> within(c, "hostPort", port.hostPort(), 0, 65_535),
              () ->
                  invalid(
                      port.protocol() != null
                          && !port.protocol().equals("tcp")
                          && !port.protocol().equals("udp"),
                      c,
                      "'protocol' must be tcp or udp."));
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> variables(ContainerSpec c, TaskSpec task) {
    var names = new HashSet<String>();
    for (ContainerSpec.Pair pair : c.environment()) {
      if (isNoName(pair.name())) {
        return Optional.of(invalid(c, "Each environment variable needs a name without '='."));
      }
      if (pair.value() != null && pair.value().indexOf('\0') >= 0) {
        return Optional.of(
            invalid(c, "The environment variable '" + pair.name() + "' holds a NUL character."));
      }
      names.add(pair.name());
    }
    for (ContainerSpec.Secret secret : c.secrets()) {
      if (isNoName(secret.name())) {
        return Optional.of(invalid(c, "Each secret needs a name without '='."));
      }
      if (!names.add(secret.name())) {
        return Optional.of(
            Fault.client(
                "The secret name must be unique and not shared with any new or existing environment"
                    + " variables set on the container, such as '"
                    + secret.name()
                    + "'."));
      }
      Optional<String> fault = ValueFrom.fault(secret.valueFrom());
      if (fault.isPresent()) {
        return Optional.of(
            Fault.parameter(
                "`secrets` of the container "
                    + c.label()
                    + ", variable "
                    + secret.name()
                    + ": "
                    + fault.get()));
      }
    }
    return client(
        !c.secrets().isEmpty() && task.executionRoleArn() == null,
        "When you are specifying container secrets, you must also specify a value for"
            + " 'executionRoleArn'.");
  }

  private static boolean isNoName(@Nullable String name) {
    return name == null || name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0;
  }

  private static Optional<Fault> health(ContainerSpec c) {
    ContainerSpec.HealthCheck check = c.healthCheck();
    if (check == null) {
      return Optional.empty();
    }
    String kind = check.command().isEmpty() ? "" : check.command().getFirst();
    return first(
        () ->
            invalid(
                check.command().size() < 2 || !(kind.equals("CMD") || kind.equals("CMD-SHELL")),
                c,
                "The health check's command must begin with CMD or CMD-SHELL and name a command."),
        () -> within(c, "healthCheck.interval", check.interval(), 5, 300),
        () -> within(c, "healthCheck.timeout", check.timeout(), 2, 60),
        () -> within(c, "healthCheck.retries", check.retries(), 1, 10),
        () -> within(c, "healthCheck.startPeriod", check.startPeriod(), 0, 300));
  }

  private static Optional<Fault> restart(ContainerSpec c) {
    ContainerSpec.RestartPolicy policy = c.restartPolicy();
    if (policy == null) {
      return Optional.empty();
    }
    return first(
        () ->
            within(
                c, "restartPolicy.restartAttemptPeriod", policy.restartAttemptPeriod(), 60, 1800),
        () ->
            invalid(
                policy.ignoredExitCodes().size() > 50,
                c,
                "'restartPolicy.ignoredExitCodes' has at most 50 items."));
  }

  private static Optional<Fault> labels(ContainerSpec c) {
    for (String label : c.dockerLabels().keySet()) {
      if (label.startsWith("com.amazonaws.ecs.") || label.startsWith("dev.holdfast.")) {
        return Optional.of(
            Fault.parameter(
                "`dockerLabels` "
                    + label
                    + " of the container "
                    + c.label()
                    + " is refused: labels of this prefix are the agent's own"));
      }
    }
    return Optional.empty();
  }
}
