// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static dev.holdfast.ecs.plan.TaskDefinitionCheck.first;
import static dev.holdfast.ecs.plan.TaskDefinitionCheck.parameter;

import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.TaskSpec;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Decides whether volumes are such, and are mounted where they can be. Pure. */
final class VolumeCheck {
  private static final String NAME = "[a-zA-Z0-9_-]{1,255}";
  private static final Set<String> SCOPES = Set.of("task", "shared");

  private VolumeCheck() {}

  static Optional<Fault> volumes(TaskSpec spec) {
    var names = new HashSet<String>();
    for (TaskSpec.Volume volume : spec.volumes()) {
      String name = volume.name();
      if (name == null || !name.matches(NAME)) {
        return Optional.of(Fault.client("Volume.name should not be null or empty."));
      }
      if (!names.add(name)) {
        return Optional.of(Fault.client("Duplicate volume name '" + name + "'."));
      }
      Optional<Fault> fault = volume(volume, name);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> volume(TaskSpec.Volume volume, String name) {
    TaskSpec.DockerVolume docker = volume.dockerVolumeConfiguration();
    TaskSpec.HostVolume host = volume.host();
    if (docker == null) {
      String path = host == null || host.sourcePath() == null ? "" : host.sourcePath();
      return TaskDefinitionCheck.client(
          !path.isEmpty() && !path.startsWith("/"),
          "Volume '" + name + "': the 'sourcePath' must be an absolute path.");
    }
    String driver = docker.driver();
    String scope = docker.scope() == null ? "task" : docker.scope();
    return first(
        () ->
            TaskDefinitionCheck.client(
                host != null, "Volume '" + name + "' has both a host and a docker configuration."),
        () ->
            parameter(
                driver != null && !driver.equals("local"),
                "`dockerVolumeConfiguration.driver` of the volume "
                    + name
                    + " is refused: the host policy takes the driver `local` alone"),
        () ->
            TaskDefinitionCheck.client(
                !SCOPES.contains(scope), "Invalid scope '" + scope + "' of volume '" + name + "'."),
        () ->
            parameter(
                docker.labels().keySet().stream().anyMatch(l -> l.startsWith("dev.holdfast.")),
                "`dockerVolumeConfiguration.labels` of the volume "
                    + name
                    + " is refused: labels with the prefix dev.holdfast. are the agent's own"),
        () ->
            TaskDefinitionCheck.client(
                docker.autoprovision() && scope.equals("task"),
                "Volume '"
                    + name
                    + "': 'autoprovision' can only be set where the scope is shared."));
  }

  static Optional<Fault> mounts(ContainerSpec container, TaskSpec spec) {
    Set<String> volumes = new HashSet<>();
    spec.volumes().forEach(v -> volumes.add(Objects.requireNonNullElse(v.name(), "")));
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
    for (ContainerSpec.VolumeFrom from : container.volumesFrom()) {
      String source = from.sourceContainer();
      if (source == null || spec.container(source) == null || source.equals(container.label())) {
        return Optional.of(
            Fault.client(
                "Invalid setting for container '"
                    + container.label()
                    + "'. It takes volumes from '"
                    + source
                    + "', which is no other container of the task."));
      }
    }
    return Optional.empty();
  }
}
