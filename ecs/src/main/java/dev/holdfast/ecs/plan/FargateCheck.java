// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static dev.holdfast.ecs.plan.TaskDefinitionCheck.client;
import static dev.holdfast.ecs.plan.TaskDefinitionCheck.first;

import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.TaskSpec;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decides whether a task definition is one that Fargate takes. Pure. */
public final class FargateCheck {
  /** Memory for CPU, in MiB and units: from, to, in steps of. */
  private record Range(int from, int to, int step) {
    boolean holds(int memory) {
      return memory >= from && memory <= to && (memory - from) % step == 0;
    }
  }

  private static final int GIB = 1024;
  private static final Map<Integer, Range> SIZES =
      Map.of(
          512, new Range(GIB, 4 * GIB, GIB),
          1024, new Range(2 * GIB, 8 * GIB, GIB),
          2048, new Range(4 * GIB, 16 * GIB, GIB),
          4096, new Range(8 * GIB, 30 * GIB, GIB),
          8192, new Range(16 * GIB, 60 * GIB, 4 * GIB),
          16_384, new Range(32 * GIB, 120 * GIB, 8 * GIB));
  private static final Set<Integer> SMALLEST = Set.of(512, GIB, 2 * GIB);

  private FargateCheck() {}

  /** The first thing that Fargate does not take, or empty. */
  public static Optional<Fault> fault(TaskSpec spec) {
    return first(
        () -> client(!spec.awsvpc(), "Fargate only supports network mode ‘awsvpc’."),
        () -> size(spec),
        () -> storage(spec),
        () -> unsupported(!spec.placementConstraints().isEmpty(), "placementConstraints"),
        () -> unsupported("host".equals(spec.pidMode()), "pidMode host"),
        () -> unsupported(spec.ipcMode() != null && !spec.ipcMode().isEmpty(), "ipcMode"),
        () -> volumes(spec),
        () ->
            spec.containerDefinitions().stream()
                .map(FargateCheck::container)
                .flatMap(Optional::stream)
                .findFirst());
  }

  private static Optional<Fault> size(TaskSpec spec) {
    int cpu = TaskSize.cpu(spec.cpu()).orElse(0);
    int memory = TaskSize.memory(spec.memory()).orElse(0);
    Range range = SIZES.get(cpu);
    boolean pair = cpu == 256 ? SMALLEST.contains(memory) : range != null && range.holds(memory);
    return first(
        () ->
            client(spec.cpu() == null, "Fargate requires that 'cpu' be defined at the task level."),
        () ->
            client(
                spec.memory() == null,
                "Fargate requires that 'memory' be defined at the task level."),
        () ->
            client(
                !pair,
                "No Fargate configuration exists for given values: "
                    + cpu
                    + " CPU, "
                    + memory
                    + " memory. See the Amazon ECS documentation for the valid values."));
  }

  /** What is asked for beside the 20 GiB that every task has. */
  static Optional<Fault> storage(TaskSpec spec) {
    TaskSpec.Storage storage = spec.ephemeralStorage();
    Integer size = storage == null ? null : storage.sizeInGiB();
    return client(
        storage != null && (size == null || size < 21 || size > 200),
        "Invalid setting for ephemeralStorage. 'sizeInGiB' must be between 21 and 200.");
  }

  private static Optional<Fault> volumes(TaskSpec spec) {
    for (TaskSpec.Volume volume : spec.volumes()) {
      TaskSpec.HostVolume host = volume.host();
      Optional<Fault> fault =
          first(
              () ->
                  unsupported(
                      host != null && host.sourcePath() != null && !host.sourcePath().isEmpty(),
                      "sourcePath"),
              () ->
                  unsupported(
                      volume.dockerVolumeConfiguration() != null, "dockerVolumeConfiguration"));
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> container(ContainerSpec c) {
    ContainerSpec.Linux linux = c.linuxParameters();
    ContainerSpec.Capabilities capabilities = linux == null ? null : linux.capabilities();
    return first(
        () -> unsupported(!c.dockerSecurityOptions().isEmpty(), "dockerSecurityOptions"),
        () -> unsupported(linux != null && linux.sharedMemorySize() != null, "sharedMemorySize"),
        () -> unsupported(linux != null && linux.maxSwap() != null, "maxSwap"),
        () -> unsupported(linux != null && linux.swappiness() != null, "swappiness"),
        () ->
            unsupported(
                capabilities != null
                    && capabilities.add().stream().anyMatch(name -> !name.equals("SYS_PTRACE")),
                "capabilities other than SYS_PTRACE"),
        () -> timeout(c, "stopTimeout", c.stopTimeout()),
        () -> timeout(c, "startTimeout", c.startTimeout()));
  }

  private static Optional<Fault> timeout(
      ContainerSpec c, String member, @org.jspecify.annotations.Nullable Integer seconds) {
    return client(
        seconds != null && seconds > 120,
        "Invalid setting for container '"
            + c.label()
            + "'. '"
            + member
            + "' must be at most 120 for FARGATE.");
  }

  private static Optional<Fault> unsupported(boolean wrong, String what) {
    return client(wrong, "Fargate compatible task definitions do not support " + what);
  }
}
