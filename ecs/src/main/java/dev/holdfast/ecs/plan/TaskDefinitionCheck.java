// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.TaskSpec;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Decides whether a task definition is one, in AWS's words where AWS has words. Pure. */
public final class TaskDefinitionCheck {
  private static final String NAME = "[a-zA-Z0-9_-]{1,255}";

  /** The most containers of one definition, as AWS counts them. */
  private static final int MAX_CONTAINERS = 10;

  private TaskDefinitionCheck() {}

  /** The first fault, or empty. */
  public static Optional<Fault> fault(TaskSpec spec) {
    return first(
        () -> task(spec),
        () -> volumes(spec),
        () -> containers(spec),
        () -> memory(spec),
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
    return first(
        () -> client(!spec.family().matches(NAME), "Family contains invalid characters."),
        () -> network(spec.networkMode()),
        () ->
            spec.requiresCompatibilities().stream()
                .map(TaskDefinitionCheck::launch)
                .flatMap(Optional::stream)
                .findFirst(),
        () ->
            parameter(
                system != null && !system.equals("LINUX"),
                "`runtimePlatform.operatingSystemFamily` " + system + " is not served: LINUX is"),
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

  private static Optional<Fault> network(@org.jspecify.annotations.Nullable String mode) {
    return switch (mode) {
      case null -> Optional.empty();
      case "bridge", "none" -> Optional.empty();
      case "host" ->
          Optional.of(
              Fault.parameter(
                  "`networkMode` host is refused: the host policy gives every task a network of its"
                      + " own; use bridge"));
      case "awsvpc" ->
          Optional.of(
              Fault.parameter(
                  "`networkMode` awsvpc comes later; use bridge, where a task's containers reach"
                      + " each other by name"));
      default -> Optional.of(Fault.client("Invalid networkMode '" + mode + "'."));
    };
  }

  private static Optional<Fault> launch(String type) {
    return parameter(
        !type.equals("EC2") && !type.equals("EXTERNAL"),
        "`requiresCompatibilities` " + type + " comes later; use EC2 or EXTERNAL, or leave it out");
  }

  private static Optional<Fault> volumes(TaskSpec spec) {
    var names = new HashSet<String>();
    for (TaskSpec.Volume volume : spec.volumes()) {
      String name = volume.name();
      if (name == null || !name.matches(NAME)) {
        return Optional.of(Fault.client("Volume.name should not be null or empty."));
      }
      if (!names.add(name)) {
        return Optional.of(Fault.client("Duplicate volume name '" + name + "'."));
      }
      TaskSpec.DockerVolume docker = volume.dockerVolumeConfiguration();
      if (docker != null && volume.host() != null) {
        return Optional.of(
            Fault.client("Volume '" + name + "' has both a host and a docker configuration."));
      }
      if (docker != null && docker.driver() != null && !docker.driver().equals("local")) {
        return Optional.of(
            Fault.parameter(
                "`dockerVolumeConfiguration.driver` of the volume "
                    + name
                    + " is refused: the host policy takes the driver `local` alone"));
      }
      if (docker != null && "shared".equals(docker.scope())) {
        return Optional.of(
            Fault.parameter(
                "`dockerVolumeConfiguration.scope` shared of the volume "
                    + name
                    + " is not served: a volume lives with its task; use the scope task"));
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> containers(TaskSpec spec) {
    var names = new HashSet<String>();
    var ports = new HashSet<String>();
    Set<String> volumes = new HashSet<>();
    spec.volumes().forEach(v -> volumes.add(Objects.requireNonNullElse(v.name(), "")));
    for (ContainerSpec container : spec.containerDefinitions()) {
      Optional<Fault> fault =
          first(
              () -> ContainerCheck.fault(container, spec),
              () ->
                  client(
                      !names.add(container.label()),
                      "Container.name must be unique: '" + container.label() + "' is there twice."),
              () -> mounts(container, volumes),
              () -> ports(container, ports));
      if (fault.isPresent()) {
        return fault;
      }
    }
    return client(
        spec.containerDefinitions().stream().noneMatch(ContainerSpec::isEssential),
        "Task definition does not have any essential containers.");
  }

  private static Optional<Fault> mounts(ContainerSpec container, Set<String> volumes) {
    var paths = new HashSet<String>();
    for (ContainerSpec.MountPoint mount : container.mountPoints()) {
      String volume = mount.sourceVolume();
      if (volume == null || !volumes.contains(volume)) {
        return Optional.of(Fault.client("Unknown volume '" + volume + "'."));
      }
      String path = mount.containerPath();
      if (path == null || !path.startsWith("/") || !paths.add(path)) {
        return Optional.of(
            Fault.client(
                "Invalid setting for container '"
                    + container.label()
                    + "'. Each mount point needs an absolute 'containerPath' of its own."));
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> ports(ContainerSpec container, Set<String> taken) {
    for (ContainerSpec.Port port : container.portMappings()) {
      if (port.fixed() != 0 && !taken.add(port.fixed() + (port.udp() ? "/udp" : "/tcp"))) {
        return Optional.of(
            Fault.client(
                "Invalid setting for container '"
                    + container.label()
                    + "'. The host port "
                    + port.fixed()
                    + " is mapped twice."));
      }
    }
    return Optional.empty();
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
