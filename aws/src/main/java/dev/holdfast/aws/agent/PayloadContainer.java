// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import dev.holdfast.kit.JsonValue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container of a task as the platform sends it. {@code cpu} is in shares (1024 a core), {@code
 * memory} in MiB (hard limit), timeouts in seconds; {@code overrides} may hold {@code command}
 * alone, as an object or as that object's text; {@code logsAuthStrategy} {@code ExecutionRole} has
 * the engine's log driver write with the execution role.
 */
public record PayloadContainer(
    String name,
    String image,
    boolean essential,
    int cpu,
    int memory,
    List<String> entryPoint,
    List<String> command,
    Map<String, String> environment,
    @Nullable JsonValue overrides,
    List<PortMapping> portMappings,
    List<String> links,
    List<MountPoint> mountPoints,
    List<VolumeFrom> volumesFrom,
    List<SecretReference> secrets,
    List<Dependency> dependsOn,
    @Nullable Integer startTimeout,
    @Nullable Integer stopTimeout,
    @Nullable String healthCheckType,
    @Nullable RestartPolicy restartPolicy,
    @Nullable RegistryAuthentication registryAuthentication,
    @Nullable DockerConfig dockerConfig,
    @Nullable String containerArn,
    @Nullable String logsAuthStrategy) {
  public PayloadContainer {
    name = Required.member(name, "name");
    image = Required.member(image, "image");
  }

  /** A port of the container; {@code hostPort} 0 lets the host choose. */
  public record PortMapping(int containerPort, int hostPort, @Nullable String protocol) {}

  /** A volume of the task at a path of the container. */
  public record MountPoint(
      @Nullable String sourceVolume, @Nullable String containerPath, boolean readOnly) {}

  /** The volumes of another container of the task. */
  public record VolumeFrom(@Nullable String sourceContainer, boolean readOnly) {}

  /**
   * A secret that the agent fetches with the execution role. {@code provider} is {@code ssm} or
   * {@code asm}; {@code type} is {@code ENVIRONMENT_VARIABLE}; {@code target} is {@code CONTAINER}
   * or {@code LOG_DRIVER}; {@code valueFrom} is a parameter's name or ARN, or a secret's ARN.
   */
  public record SecretReference(
      String name,
      String valueFrom,
      @Nullable String provider,
      @Nullable String region,
      @Nullable String type,
      @Nullable String target) {
    public SecretReference {
      name = Required.member(name, "name");
      valueFrom = Required.member(valueFrom, "valueFrom");
    }
  }

  /** What must have happened first: START, COMPLETE, SUCCESS or HEALTHY. */
  public record Dependency(String containerName, String condition) {
    public Dependency {
      containerName = Required.member(containerName, "containerName");
      condition = Required.member(condition, "condition");
    }
  }

  /** When a container that ended is started again; the period is in seconds, default 300. */
  public record RestartPolicy(
      boolean enabled, List<Integer> ignoredExitCodes, @Nullable Integer restartAttemptPeriod) {}

  /** How the agent signs in to the image's registry; {@code type} is {@code ecr} or {@code asm}. */
  public record RegistryAuthentication(
      String type, @Nullable EcrAuthData ecrAuthData, @Nullable AsmAuthData asmAuthData) {
    public RegistryAuthentication {
      type = Required.member(type, "type");
    }
  }

  /** An ECR registry: {@code registryId} is its account. */
  public record EcrAuthData(
      @Nullable String registryId,
      @Nullable String region,
      boolean useExecutionRole,
      @Nullable String endpointOverride) {}

  /** A secret that holds user name and password. */
  public record AsmAuthData(@Nullable String credentialsParameter, @Nullable String region) {}

  /** Two documents of the Docker Engine API as text, laid over what the agent builds itself. */
  public record DockerConfig(
      @Nullable String version, @Nullable String config, @Nullable String hostConfig) {}

  /** Name and image only: the environment may hold anything. */
  @Override
  public String toString() {
    return "PayloadContainer[" + name + " " + image + "]";
  }
}
