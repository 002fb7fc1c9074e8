// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.TaskSpec;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Decides whether a task definition is one, in AWS's words where AWS has words. Pure. */
public final class TaskDefinitionCheck {
  private static final String NAME = "[a-zA-Z0-9_-]{1,255}";

  /** The most containers of one definition, as AWS counts them. */
  private static final int MAX_CONTAINERS = 10;

  /** As AWS counts them, each with an expression of at most 2,000 characters. */
  private static final int MAX_CONSTRAINTS = 10;

  private static final Set<String> ARCHITECTURES = Set.of("X86_64", "ARM64");

  private TaskDefinitionCheck() {}

  /** The first fault, or empty. */
  public static Optional<Fault> fault(TaskSpec spec) {
    return first(
        () -> task(spec),
        () -> VolumeCheck.volumes(spec),
        () -> containers(spec),
        () -> NetworkCheck.ports(spec),
        () -> memory(spec),
        () -> constraints(spec),
        () -> launch(spec),
        () -> DependencyCheck.fault(spec));
  }

  /** One rule. */
  @FunctionalInterface
  interface Check {
    Optional<Fault> fault();
  }

  static Optional<Fault> first(Check... checks) {
    return Stream.of(checks).map(Check::fault).flatMap(Optional::stream).findFirst();
  }

  static Optional<Fault> client(boolean wrong, String text) {
    return wrong ? Optional.of(Fault.client(text)) : Optional.empty();
  }

  static Optional<Fault> parameter(boolean wrong, String text) {
    return wrong ? Optional.of(Fault.parameter(text)) : Optional.empty();
  }

  private static Optional<Fault> task(TaskSpec spec) {
    TaskSpec.Platform platform = spec.runtimePlatform();
    String system = platform == null ? null : platform.operatingSystemFamily();
    String architecture = platform == null ? null : platform.cpuArchitecture();
    return first(
        () -> client(!spec.family().matches(NAME), "Family contains invalid characters."),
        () -> NetworkCheck.mode(spec),
        () -> KernelCheck.namespaces(spec),
        () ->
            parameter(
                system != null && !system.equals("LINUX"),
                "`runtimePlatform.operatingSystemFamily` " + system + " is not served: LINUX is"),
        () ->
            client(
                architecture != null && !ARCHITECTURES.contains(architecture),
                "Invalid cpuArchitecture '" + architecture + "'."),
        () ->
            client(
                spec.cpu() != null && TaskSize.cpu(spec.cpu()).isEmpty(),
                "Invalid 'cpu' setting for task."),
        () ->
            client(
                spec.memory() != null && TaskSize.memory(spec.memory()).isEmpty(),
                "Invalid 'memory' setting for task."),
        () -> client(spec.containerDefinitions().isEmpty(), "Container list cannot be empty."),
        () ->
            client(
                spec.containerDefinitions().size() > MAX_CONTAINERS,
                "A task definition has at most " + MAX_CONTAINERS + " containers."));
  }

  private static Optional<Fault> launch(TaskSpec spec) {
    for (String type : spec.requiresCompatibilities()) {
      Optional<Fault> fault =
          switch (type) {
            case "EC2", "EXTERNAL" -> Optional.empty();
            case "FARGATE" -> FargateCheck.fault(spec);
            case "MANAGED_INSTANCES" ->
                Optional.of(
                    Fault.parameter(
                        "`requiresCompatibilities` MANAGED_INSTANCES is not served: nobody manages"
                            + " machines here; use FARGATE, EC2 or EXTERNAL"));
            default ->
                Optional.of(
                    Fault.client("Invalid value '" + type + "' for requiresCompatibilities."));
          };
      if (fault.isPresent()) {
        return fault;
      }
    }
    return client(
        spec.ephemeralStorage() != null && FargateCheck.fault(spec).isPresent(),
        "ephemeralStorage is only supported by task definitions that Fargate takes.");
  }

  private static Optional<Fault> constraints(TaskSpec spec) {
    if (spec.placementConstraints().size() > MAX_CONSTRAINTS) {
      return Optional.of(
          Fault.client(
              "A task definition has at most " + MAX_CONSTRAINTS + " placement constraints."));
    }
    for (TaskSpec.Constraint constraint : spec.placementConstraints()) {
      if (!"memberOf".equals(constraint.type())) {
        return Optional.of(
            Fault.client("Invalid placement constraint type '" + constraint.type() + "'."));
      }
      Optional<String> fault = ClusterQuery.fault(constraint.expression());
      if (fault.isPresent()) {
        return Optional.of(Fault.client(fault.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> containers(TaskSpec spec) {
    var names = new HashSet<String>();
    for (ContainerSpec container : spec.containerDefinitions()) {
      Optional<Fault> fault =
          first(
              () -> ContainerCheck.fault(container, spec),
              () ->
                  client(
                      !names.add(container.label()),
                      "Container.name must be unique: '" + container.label() + "' is there twice."),
              () -> VolumeCheck.mounts(container, spec),
              () -> NetworkCheck.container(container, spec),
              () -> KernelCheck.container(container, spec));
      if (fault.isPresent()) {
        return fault;
      }
    }
    return client(
        spec.containerDefinitions().stream().noneMatch(ContainerSpec::isEssential),
        "Task definition does not have any essential containers.");
  }

  private static Optional<Fault> memory(TaskSpec spec) {
    var task = TaskSize.memory(spec.memory());
    for (ContainerSpec container : spec.containerDefinitions()) {
      if (container.memory() == null && container.memoryReservation() == null && task.isEmpty()) {
        return Optional.of(
            Fault.client(
                "Invalid setting for container '"
                    + container.label()
                    + "'. At least one of 'memory' or 'memoryReservation' must be specified."));
      }
    }
    int needed = TaskSize.sum(spec, TaskSize::memory);
    int cpu = TaskSize.sum(spec, c -> c.cpu() == null ? 0 : c.cpu());
    return first(
        () ->
            client(
                task.isPresent() && needed > task.getAsInt(),
                "The 'memory' of the containers is greater than that of the task: "
                    + needed
                    + " MiB."),
        () ->
            client(
                spec.cpu() != null && cpu > TaskSize.cpu(spec.cpu()).orElse(Integer.MAX_VALUE),
                "The 'cpu' of the containers is greater than that of the task: "
                    + cpu
                    + " units."));
  }
}
