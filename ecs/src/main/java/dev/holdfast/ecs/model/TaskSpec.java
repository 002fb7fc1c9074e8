// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.RecordCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a task definition decides: the members that are served, under AWS's own names, read out
 * of the definition's document. What is only echoed stays in the document.
 *
 * @param cpu CPU units or vCPUs as written, such as {@code 256} or {@code .25 vCPU}
 * @param memory MiB or GB as written
 */
public record TaskSpec(
    String family,
    @Nullable String taskRoleArn,
    @Nullable String executionRoleArn,
    @Nullable String networkMode,
    @Nullable String cpu,
    @Nullable String memory,
    @Nullable String pidMode,
    @Nullable String ipcMode,
    @Nullable Platform runtimePlatform,
    @Nullable Storage ephemeralStorage,
    List<String> requiresCompatibilities,
    List<Constraint> placementConstraints,
    List<ContainerSpec> containerDefinitions,
    List<Volume> volumes) {
  /** The disk of a task of the launch type FARGATE that asks for none. */
  public static final int FARGATE_GIB = 20;

  private static final RecordCodec<TaskSpec> CODEC = RecordCodec.of(TaskSpec.class);

  /** The machine that a definition asks for. */
  public record Platform(
      @Nullable String cpuArchitecture, @Nullable String operatingSystemFamily) {}

  /** The disk that a task may use beside its volumes, in GiB. */
  public record Storage(@Nullable Integer sizeInGiB) {}

  /** What an instance must be like for the task. */
  public record Constraint(@Nullable String type, @Nullable String expression) {}

  /** A named volume. */
  public record Volume(
      @Nullable String name,
      @Nullable HostVolume host,
      @Nullable DockerVolume dockerVolumeConfiguration) {}

  /** A volume of the task, or a path of the host. */
  public record HostVolume(@Nullable String sourcePath) {}

  /** A volume of the container engine. */
  public record DockerVolume(
      @Nullable String scope,
      boolean autoprovision,
      @Nullable String driver,
      java.util.Map<String, String> driverOpts,
      java.util.Map<String, String> labels) {}

  /** The spec of a definition's or request's document. */
  public static TaskSpec of(JsonObject document) {
    return CODEC.read(document);
  }

  /** How containers reach the network: {@code bridge} where nothing is said. */
  public String network() {
    return networkMode == null || networkMode.isEmpty() ? "bridge" : networkMode;
  }

  /** Whether the task has an address of its own, which all its containers share. */
  public boolean awsvpc() {
    return network().equals("awsvpc");
  }

  /** Whether ports of containers are ports of what they share: its address, or the host. */
  public boolean sharesNetwork() {
    return awsvpc() || network().equals("host");
  }

  /** The disk of a task of the launch type FARGATE, in GiB: what it asks for, or what each has. */
  public int ephemeralGiB() {
    Integer asked = ephemeralStorage == null ? null : ephemeralStorage.sizeInGiB();
    return asked == null ? FARGATE_GIB : asked;
  }

  /** The container of that name, or null. */
  public @Nullable ContainerSpec container(String name) {
    for (ContainerSpec container : containerDefinitions) {
      if (name.equals(container.name())) {
        return container;
      }
    }
    return null;
  }
}
