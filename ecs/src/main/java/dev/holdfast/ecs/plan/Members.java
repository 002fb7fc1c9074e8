// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNull;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of every member of a task definition: served, kept and echoed without effect, or
 * refused by name. A member that is in neither list is refused too, so nothing is ever ignored.
 *
 * <p>Members are named by their path below RegisterTaskDefinition's input, items of a list by
 * {@code []}, values of a map by {@code {}}.
 */
public final class Members {

  /** What becomes of a member. */
  public sealed interface Treatment {
    /** It does what it does on AWS. */
    record Served() implements Treatment {}

    /** It is stored and shown again, and changes nothing. */
    record Echoed() implements Treatment {}

    /** It is refused unless it is empty or false; the reason says what to do. */
    record Refused(String reason) implements Treatment {}
  }

  private static final Treatment SERVED = new Treatment.Served();
  private static final Treatment ECHOED = new Treatment.Echoed();
  private static final String C = "containerDefinitions[].";

  private static final String SERVED_IN_CONTAINERS =
      """
      name image cpu memory memoryReservation links links[] portMappings portMappings[]
      portMappings[].containerPort portMappings[].hostPort portMappings[].protocol essential
      restartPolicy restartPolicy.enabled restartPolicy.ignoredExitCodes
      restartPolicy.ignoredExitCodes[] restartPolicy.restartAttemptPeriod entryPoint
      entryPoint[] command command[] environment environment[] environment[].name
      environment[].value mountPoints mountPoints[] mountPoints[].sourceVolume
      mountPoints[].containerPath mountPoints[].readOnly volumesFrom volumesFrom[]
      volumesFrom[].sourceContainer volumesFrom[].readOnly linuxParameters
      linuxParameters.capabilities linuxParameters.capabilities.add
      linuxParameters.capabilities.add[] linuxParameters.capabilities.drop
      linuxParameters.capabilities.drop[] linuxParameters.initProcessEnabled
      linuxParameters.maxSwap linuxParameters.swappiness
      linuxParameters.sharedMemorySize linuxParameters.tmpfs linuxParameters.tmpfs[]
      linuxParameters.tmpfs[].containerPath linuxParameters.tmpfs[].size
      linuxParameters.tmpfs[].mountOptions linuxParameters.tmpfs[].mountOptions[] secrets
      secrets[] secrets[].name secrets[].valueFrom dependsOn dependsOn[]
      dependsOn[].containerName dependsOn[].condition startTimeout stopTimeout
      versionConsistency hostname user workingDirectory readonlyRootFilesystem dnsServers
      dnsServers[] dnsSearchDomains dnsSearchDomains[] extraHosts extraHosts[]
      extraHosts[].hostname extraHosts[].ipAddress interactive pseudoTerminal dockerLabels
      dockerLabels{} dockerSecurityOptions dockerSecurityOptions[] systemControls
      systemControls[] systemControls[].namespace systemControls[].value ulimits ulimits[] ulimits[].name ulimits[].softLimit ulimits[].hardLimit
      logConfiguration logConfiguration.logDriver logConfiguration.options
      logConfiguration.options{} healthCheck healthCheck.command
      healthCheck.command[] healthCheck.interval healthCheck.timeout healthCheck.retries
      healthCheck.startPeriod
      """;
  private static final String ECHOED_IN_CONTAINERS =
      """
      portMappings[].name portMappings[].appProtocol
      """;

  /** Every member, by path. */
  public static final Map<String, Treatment> ALL = all();

  private Members() {}

  private static Map<String, Treatment> all() {
    var all = new LinkedHashMap<String, Treatment>();
    task(all);
    container(all);
    refusedInContainers(all);
    volumes(all);
    return Collections.unmodifiableMap(all);
  }

  private static void task(Map<String, Treatment> all) {
    served(
        all,
        "family",
        "taskRoleArn",
        "executionRoleArn",
        "networkMode",
        "containerDefinitions",
        "containerDefinitions[]",
        "volumes",
        "volumes[]",
        "requiresCompatibilities",
        "requiresCompatibilities[]",
        "cpu",
        "memory",
        "tags",
        "tags[]",
        "tags[].key",
        "tags[].value",
        "runtimePlatform",
        "runtimePlatform.cpuArchitecture",
        "runtimePlatform.operatingSystemFamily",
        "placementConstraints",
        "placementConstraints[]",
        "placementConstraints[].type",
        "placementConstraints[].expression",
        "pidMode",
        "ipcMode",
        "ephemeralStorage",
        "ephemeralStorage.sizeInGiB");
    refused(all, "App Mesh has ended; run the proxy as a container", "proxyConfiguration");
    refused(all, "accelerators are not served", "inferenceAccelerators");
    refused(all, "fault injection is not served", "enableFaultInjection");
  }

  private static void container(Map<String, Treatment> all) {
    for (String name : SERVED_IN_CONTAINERS.strip().split("\\s+", -1)) {
      all.put(C + name, SERVED);
    }
    for (String name : ECHOED_IN_CONTAINERS.strip().split("\\s+", -1)) {
      all.put(C + name, ECHOED);
    }
  }

  private static void refusedInContainers(Map<String, Treatment> all) {
    refused(all, "map each port of the range by itself", C + "portMappings[].containerPortRange");
    refused(
        all,
        "only this platform's own registry is signed in to; push the image there",
        C + "repositoryCredentials");
    refused(
        all, "files in S3 are not served; use `environment` or `secrets`", C + "environmentFiles");
    refused(all, "the host policy gives no devices; leave it out", C + "linuxParameters.devices");
    refused(all, "use the network mode `none`", C + "disableNetworking");
    refused(all, "the host policy runs no privileged containers; leave it out", C + "privileged");
    refused(all, "GPUs and accelerators are not served", C + "resourceRequirements");
    refused(all, "log routers are not served; use awslogs", C + "firelensConfiguration");
    refused(all, "Windows credentials are not served", C + "credentialSpecs");
    refused(
        all,
        "no log driver that is served takes a secret; leave it out",
        C + "logConfiguration.secretOptions");
  }

  private static void volumes(Map<String, Treatment> all) {
    served(
        all,
        "volumes[].name",
        "volumes[].host",
        "volumes[].host.sourcePath",
        "volumes[].dockerVolumeConfiguration",
        "volumes[].dockerVolumeConfiguration.scope",
        "volumes[].dockerVolumeConfiguration.autoprovision",
        "volumes[].dockerVolumeConfiguration.driver",
        "volumes[].dockerVolumeConfiguration.labels",
        "volumes[].dockerVolumeConfiguration.labels{}");
    refused(
        all,
        "the host policy takes the driver `local` without options",
        "volumes[].dockerVolumeConfiguration.driverOpts");
    refused(
        all,
        "only volumes of the task and of the host's engine are served",
        "volumes[].efsVolumeConfiguration",
        "volumes[].s3filesVolumeConfiguration",
        "volumes[].fsxWindowsFileServerVolumeConfiguration",
        "volumes[].configuredAtLaunch");
  }

  private static void served(Map<String, Treatment> all, String... paths) {
    for (String path : paths) {
      all.put(path, SERVED);
    }
  }

  private static void refused(Map<String, Treatment> all, String reason, String... paths) {
    for (String path : paths) {
      all.put(path, new Treatment.Refused(reason));
    }
  }

  /** The first member of a definition that is refused, in words that say what to do. */
  public static Optional<String> fault(JsonObject definition) {
    return object(definition, "");
  }

  private static Optional<String> object(JsonObject object, String prefix) {
    for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
      Optional<String> fault = value(member.getValue(), prefix + member.getKey());
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> value(JsonValue value, String path) {
    return switch (ALL.get(path)) {
      case Treatment.Refused(var reason) when !empty(value) ->
          Optional.of("`" + path + "` is not served: " + reason);
      case null -> Optional.of("`" + path + "` is not served");
      case Treatment.Refused _, Treatment.Echoed _ -> Optional.empty();
      case Treatment.Served _ -> below(value, path);
    };
  }

  private static Optional<String> below(JsonValue value, String path) {
    if (value instanceof JsonArray(var items)) {
      return items.stream()
          .map(item -> value(item, path + "[]"))
          .flatMap(Optional::stream)
          .findFirst();
    }
    if (value instanceof JsonObject object) {
      return ALL.containsKey(path + "{}") ? Optional.empty() : object(object, path + ".");
    }
    return Optional.empty();
  }

  private static boolean empty(JsonValue value) {
    return switch (value) {
      case JsonNull _ -> true;
      case JsonBool(var set) -> !set;
      case JsonString(var text) -> text.isEmpty();
      case JsonArray(var items) -> items.isEmpty();
      case JsonObject object -> object.members().isEmpty();
      case JsonValue.JsonNumber _ -> false;
    };
  }
}
