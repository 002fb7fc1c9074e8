// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container definition: the members that are served, under AWS's own names. CPU is in units (1024
 * a core), memory in MiB, timeouts in seconds.
 */
public record ContainerSpec(
    @Nullable String name,
    @Nullable String image,
    @Nullable Integer cpu,
    @Nullable Integer memory,
    @Nullable Integer memoryReservation,
    List<String> links,
    List<Port> portMappings,
    @Nullable Boolean essential,
    @Nullable RestartPolicy restartPolicy,
    List<String> entryPoint,
    List<String> command,
    List<Pair> environment,
    List<MountPoint> mountPoints,
    List<VolumeFrom> volumesFrom,
    @Nullable Linux linuxParameters,
    List<Secret> secrets,
    List<Dependency> dependsOn,
    @Nullable Integer startTimeout,
    @Nullable Integer stopTimeout,
    @Nullable String versionConsistency,
    @Nullable String hostname,
    @Nullable String user,
    @Nullable String workingDirectory,
    boolean readonlyRootFilesystem,
    List<String> dnsServers,
    List<String> dnsSearchDomains,
    List<Host> extraHosts,
    boolean interactive,
    boolean pseudoTerminal,
    Map<String, String> dockerLabels,
    List<Ulimit> ulimits,
    List<SystemControl> systemControls,
    List<String> dockerSecurityOptions,
    @Nullable LogConfiguration logConfiguration,
    @Nullable HealthCheck healthCheck) {

  /** A port; host port 0 or none lets the host choose. */
  public record Port(
      @Nullable Integer containerPort, @Nullable Integer hostPort, @Nullable String protocol) {
    public boolean udp() {
      return "udp".equals(protocol);
    }

    /** The host port that is asked for, or 0. */
    public int fixed() {
      return hostPort == null ? 0 : hostPort;
    }
  }

  /** When a container that ended starts again. */
  public record RestartPolicy(
      boolean enabled, List<Integer> ignoredExitCodes, @Nullable Integer restartAttemptPeriod) {}

  /** A variable. */
  public record Pair(@Nullable String name, @Nullable String value) {
    /** Without the value: people put passwords into variables. */
    @Override
    public String toString() {
      return name + "=***";
    }
  }

  /** A volume of the task at a path of the container. */
  public record MountPoint(
      @Nullable String sourceVolume, @Nullable String containerPath, boolean readOnly) {}

  /** All volumes of another container of the task, at its own paths. */
  public record VolumeFrom(@Nullable String sourceContainer, boolean readOnly) {}

  /** Kernel features that the host policy leaves to a task; sizes are in MiB. */
  public record Linux(
      @Nullable Capabilities capabilities,
      boolean initProcessEnabled,
      @Nullable Integer sharedMemorySize,
      @Nullable Integer maxSwap,
      @Nullable Integer swappiness,
      List<Tmpfs> tmpfs) {}

  /** Capabilities to add, which the host must list, and to give up. */
  public record Capabilities(List<String> add, List<String> drop) {}

  /** A kernel parameter of the container's own namespaces. */
  public record SystemControl(@Nullable String namespace, @Nullable String value) {}

  /** A file system in memory; the size is in MiB. */
  public record Tmpfs(String containerPath, int size, List<String> mountOptions) {}

  /** A variable whose value comes from a parameter. */
  public record Secret(String name, String valueFrom) {}

  /** What must have happened first. */
  public record Dependency(String containerName, String condition) {}

  /** A line of /etc/hosts. */
  public record Host(String hostname, String ipAddress) {}

  /** A limit of the container's processes. */
  public record Ulimit(String name, int softLimit, int hardLimit) {}

  /** Where the output goes. */
  public record LogConfiguration(@Nullable String logDriver, Map<String, String> options) {}

  /** A check of the container's health; seconds. */
  public record HealthCheck(
      List<String> command,
      @Nullable Integer interval,
      @Nullable Integer timeout,
      @Nullable Integer retries,
      @Nullable Integer startPeriod) {}

  /** This container with what a run may change of it. */
  public ContainerSpec running(
      List<String> newCommand,
      List<Pair> newEnvironment,
      @Nullable Integer newCpu,
      @Nullable Integer newMemory,
      @Nullable Integer newReservation) {
    return new ContainerSpec(
        name,
        image,
        newCpu,
        newMemory,
        newReservation,
        links,
        portMappings,
        essential,
        restartPolicy,
        entryPoint,
        newCommand,
        newEnvironment,
        mountPoints,
        volumesFrom,
        linuxParameters,
        secrets,
        dependsOn,
        startTimeout,
        stopTimeout,
        versionConsistency,
        hostname,
        user,
        workingDirectory,
        readonlyRootFilesystem,
        dnsServers,
        dnsSearchDomains,
        extraHosts,
        interactive,
        pseudoTerminal,
        dockerLabels,
        ulimits,
        systemControls,
        dockerSecurityOptions,
        logConfiguration,
        healthCheck);
  }

  /** Whether the end of this container ends the task; the default is yes. */
  public boolean isEssential() {
    return essential == null || essential;
  }

  /** The name, which a checked definition has. */
  public String label() {
    return name == null ? "" : name;
  }
}
