// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import dev.holdfast.kit.JsonValue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task as the platform sends it. For a stop, {@code arn} and {@code desiredStatus} are enough.
 * {@code cpu} is in vCPU, {@code memory} in MiB, {@code ephemeralStorage} in bytes (a member of
 * ours); {@code overrides} may hold nothing (roles and environment are merged before sending).
 */
public record PayloadTask(
    String arn,
    @Nullable String taskClusterArn,
    @Nullable String family,
    @Nullable String version,
    @Nullable String taskDefinitionAccountId,
    String desiredStatus,
    @Nullable String launchType,
    @Nullable String networkMode,
    @Nullable Double cpu,
    @Nullable Integer memory,
    @Nullable Long ephemeralStorage,
    @Nullable String serviceName,
    @Nullable String group,
    @Nullable JsonValue overrides,
    @Nullable String pidMode,
    @Nullable String ipcMode,
    @Nullable RoleCredentials roleCredentials,
    @Nullable RoleCredentials executionRoleCredentials,
    List<Volume> volumes,
    List<PayloadContainer> containers) {
  /** The label of a shared volume that carries the environment whose tasks it is for. */
  public static final String ENVIRONMENT = "dev.holdfast.environment";

  public PayloadTask {
    arn = Required.member(arn, "arn");
    desiredStatus = Required.member(desiredStatus, "desiredStatus");
  }

  /**
   * A named volume. {@code type} absent or {@code host}: with {@code host.sourcePath} a bind mount,
   * with an empty {@code host} a volume of the task; {@code docker}: see {@link VolumeSettings}.
   */
  public record Volume(
      String name,
      @Nullable String type,
      @Nullable HostVolume host,
      @Nullable VolumeSettings dockerVolumeConfiguration) {
    public Volume {
      name = Required.member(name, "name");
    }
  }

  /** Where a host volume lies; no path means that the engine chooses. */
  public record HostVolume(@Nullable String sourcePath) {}

  /** A volume of the engine; {@code scope} is {@code task} or {@code shared}. */
  public record VolumeSettings(
      @Nullable String scope,
      boolean autoprovision,
      @Nullable String driver,
      Map<String, String> driverOpts,
      Map<String, String> labels) {}

  /** The message that stops a task. */
  public static PayloadTask stop(String arn, @Nullable String clusterArn) {
    return new PayloadTask(
        arn,
        clusterArn,
        null,
        null,
        null,
        "STOPPED",
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        List.of());
  }

  /** Name and state only: a task carries credentials and environment. */
  @Override
  public String toString() {
    return "PayloadTask[" + arn + " " + desiredStatus + "]";
  }
}
