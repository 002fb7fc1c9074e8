// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static dev.holdfast.ecs.plan.TaskDefinitionCheck.first;
import static dev.holdfast.ecs.plan.TaskDefinitionCheck.parameter;

import dev.holdfast.aws.agent.HostGrants;
import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.TaskSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides whether what a container asks of the kernel is known and within bounds. Pure. */
final class KernelCheck {
  private static final Set<String> CAPABILITIES =
      Set.of(
          ("ALL AUDIT_CONTROL AUDIT_WRITE BLOCK_SUSPEND CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER"
                  + " FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE"
                  + " MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW SETFCAP SETGID SETPCAP"
                  + " SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE"
                  + " SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM")
              .split(" ", -1));
  private static final Set<String> ULIMITS =
      Set.of(
          ("core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending"
                  + " stack")
              .split(" ", -1));
  private static final Set<String> TMPFS =
      Set.of(
          ("defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand"
                  + " atime noatime diratime nodiratime relatime norelatime strictatime"
                  + " nostrictatime")
              .split(" ", -1));

  /** What a tmpfs may be told beside its size: whose it is. */
  private static final String TMPFS_OWNER = "(mode=[0-7]{3,4}|uid=[0-9]{1,9}|gid=[0-9]{1,9})";

  private KernelCheck() {}

  /** The task's namespaces. */
  static Optional<Fault> namespaces(TaskSpec spec) {
    String pid = spec.pidMode();
    String ipc = spec.ipcMode();
    return first(
        () ->
            TaskDefinitionCheck.client(
                pid != null && !pid.isEmpty() && !Set.of("host", "task").contains(pid),
                "Invalid pidMode '" + pid + "'."),
        () ->
            TaskDefinitionCheck.client(
                ipc != null && !ipc.isEmpty() && !Set.of("host", "task", "none").contains(ipc),
                "Invalid ipcMode '" + ipc + "'."));
  }

  static Optional<Fault> container(ContainerSpec c, TaskSpec spec) {
    return first(
        () -> linux(c, spec), () -> ulimits(c), () -> controls(c, spec), () -> security(c));
  }

  private static Optional<Fault> linux(ContainerSpec c, TaskSpec spec) {
    ContainerSpec.Linux linux = c.linuxParameters();
    if (linux == null) {
      return Optional.empty();
    }
    return first(
        () -> capabilities(c, linux.capabilities()),
        () -> within(c, "sharedMemorySize", linux.sharedMemorySize(), 1, 1_048_576),
        () -> swap(c, linux, spec),
        () -> tmpfs(c, linux.tmpfs()));
  }

  private static Optional<Fault> capabilities(
      ContainerSpec c, ContainerSpec.@Nullable Capabilities capabilities) {
    if (capabilities == null) {
      return Optional.empty();
    }
    for (List<String> list : List.of(capabilities.add(), capabilities.drop())) {
      for (String name : list) {
        if (!CAPABILITIES.contains(name)) {
          return fault(c, "'" + name + "' is no capability.");
        }
      }
    }
    return parameter(
        capabilities.add().contains("ALL"),
        "`linuxParameters.capabilities.add` ALL of the container "
            + c.label()
            + " is refused: name the capabilities that the host's owner has listed");
  }

  private static Optional<Fault> swap(ContainerSpec c, ContainerSpec.Linux linux, TaskSpec spec) {
    Integer most = linux.maxSwap();
    Integer memory = c.memory();
    int limit = memory == null ? TaskSize.memory(spec.memory()).orElse(0) : memory;
    return first(
        () -> within(c, "maxSwap", most, 0, Integer.MAX_VALUE),
        () -> within(c, "swappiness", linux.swappiness(), 0, 100),
        () ->
            TaskDefinitionCheck.client(
                most != null && limit == 0,
                "Invalid setting for container '"
                    + c.label()
                    + "'. 'maxSwap' needs a 'memory' limit."),
        () ->
            parameter(
                most != null && most > limit,
                "`linuxParameters.maxSwap` of the container "
                    + c.label()
                    + " is refused: the host policy gives at most as much swap as memory, "
                    + limit
                    + " MiB"));
  }

  private static Optional<Fault> tmpfs(ContainerSpec c, List<ContainerSpec.Tmpfs> all) {
    for (ContainerSpec.Tmpfs tmpfs : all) {
      if (!tmpfs.containerPath().startsWith("/") || tmpfs.size() < 1) {
        return fault(c, "Each tmpfs needs an absolute 'containerPath' and a 'size' in MiB.");
      }
      for (String option : tmpfs.mountOptions()) {
        if (!TMPFS.contains(option) && !option.matches(TMPFS_OWNER)) {
          return fault(c, "'" + option + "' is no mount option of a tmpfs.");
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> ulimits(ContainerSpec c) {
    for (ContainerSpec.Ulimit limit : c.ulimits()) {
      if (!ULIMITS.contains(limit.name())) {
        return fault(c, "'" + limit.name() + "' is no ulimit.");
      }
      boolean unlimited = limit.hardLimit() == -1;
      if (limit.softLimit() < -1
          || limit.hardLimit() < -1
          || (!unlimited && (limit.softLimit() == -1 || limit.softLimit() > limit.hardLimit()))) {
        return fault(
            c, "The 'softLimit' of " + limit.name() + " must not be greater than its 'hardLimit'.");
      }
      if ((limit.name().equals("rtprio") || limit.name().equals("nice"))
          && limit.hardLimit() != 0) {
        return Optional.of(
            Fault.parameter(
                "`ulimits` "
                    + limit.name()
                    + " of the container "
                    + c.label()
                    + " is refused: a priority above others' would take the host's cores from them"));
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> controls(ContainerSpec c, TaskSpec spec) {
    for (ContainerSpec.SystemControl control : c.systemControls()) {
      String name = control.namespace() == null ? "" : control.namespace();
      String value = control.value() == null ? "" : control.value();
      if (!HostGrants.namespaced(name)) {
        return Optional.of(
            Fault.parameter(
                "`systemControls` "
                    + name
                    + " of the container "
                    + c.label()
                    + " is refused: it is the whole host's; parameters of a namespace of its own,"
                    + " such as net.core.somaxconn, can be set"));
      }
      if (!HostGrants.isValue(value)) {
        return fault(c, "The value of the system control '" + name + "' is not valid.");
      }
      boolean network = name.startsWith("net.");
      if (network && spec.network().equals("host")) {
        return fault(c, "'net.*' system controls are not supported when networkMode=host.");
      }
      if (!network && "host".equals(spec.ipcMode())) {
        return fault(c, "IPC system controls are not supported when ipcMode=host.");
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> security(ContainerSpec c) {
    return c.dockerSecurityOptions().stream()
        .filter(o -> !Set.of("no-new-privileges", "no-new-privileges:true").contains(o))
        .findFirst()
        .map(
            o ->
                Fault.parameter(
                    "`dockerSecurityOptions` "
                        + o
                        + " of the container "
                        + c.label()
                        + " is refused: every container has no-new-privileges and the engine's own"
                        + " profiles"));
  }

  private static Optional<Fault> within(
      ContainerSpec c, String member, @Nullable Integer value, int min, int max) {
    return value != null && (value < min || value > max)
        ? fault(c, "'" + member + "' must be between " + min + " and " + max + ".")
        : Optional.empty();
  }

  private static Optional<Fault> fault(ContainerSpec c, String text) {
    return Optional.of(Fault.client("Invalid setting for container '" + c.label() + "'. " + text));
  }
}
