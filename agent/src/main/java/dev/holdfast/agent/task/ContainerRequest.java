// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.agent.host.HostPolicy;
import dev.holdfast.agent.host.HostRefusal;
import dev.holdfast.agent.host.TaskNetwork;
import dev.holdfast.agent.host.TaskNetworks;
import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadContainer.DockerConfig;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds the engine's create request of one container: what the agent makes itself, with the task's
 * own {@code dockerConfig} laid over it, and what must be the agent's laid over that.
 *
 * @param installation the installation's id
 * @param bindAddress where published ports listen on the host
 * @param volumes the engine's name of each volume of the task
 * @param names the engine's name of each container of the task
 * @param pause the id of the container whose namespaces the task's containers share, or empty
 */
public record ContainerRequest(
    String installation,
    String bindAddress,
    PayloadTask task,
    TaskNetwork network,
    Map<String, String> volumes,
    Map<String, String> names,
    String pause) {

  /** The label that carries the container's name in its task. */
  public static final String CONTAINER = "dev.holdfast.container-name";

  private static final long MIB = 1024 * 1024;

  /**
   * The request, before the host policy.
   *
   * @param environment all variables, secrets included
   * @throws HostRefusal where the task sets labels that are the agent's
   * @throws Json.MalformedJson where its dockerConfig is no JSON
   */
  public JsonObject build(PayloadContainer container, Map<String, String> environment)
      throws HostRefusal {
    DockerConfig docker = container.dockerConfig();
    JsonObject overlay = parse(docker == null ? null : docker.config());
    JsonObject hostOverlay = parse(docker == null ? null : docker.hostConfig());
    HostPolicy.checkLabels(overlay.object("Labels").members().keySet());
    JsonObject host = host(container);
    for (var member : hostOverlay.members().entrySet()) {
      host = host.with(member.getKey(), member.getValue());
    }
    String mode = mode(hostOverlay);
    boolean ours = mode.equals(network.name());
    host = namespaces(host).with("NetworkMode", mode);
    // Without a network of its own a container publishes nothing: the engine refuses to be asked.
    host = ours ? host.with("PortBindings", bindings(container)) : host;
    JsonObject request = command(container);
    // The image's own health check is ignored, as AWS does, unless the task repeats it.
    request =
        request.with(
            "Healthcheck", JsonObject.EMPTY.with("Test", JsonArray.ofStrings(List.of("NONE"))));
    for (var member : overlay.members().entrySet()) {
      request = request.with(member.getKey(), member.getValue());
    }
    var variables = new ArrayList<String>();
    environment.forEach((name, value) -> variables.add(name + "=" + value));
    request =
        request
            .with("Image", container.image())
            .with("Env", JsonArray.ofStrings(variables))
            .with("Labels", labels(container, overlay.object("Labels")))
            .with("HostConfig", host);
    return ours
        ? request
            .with("ExposedPorts", exposed(container))
            .with("NetworkingConfig", endpoints(container))
        : request;
  }

  private String mode(JsonObject hostOverlay) {
    String asked = hostOverlay.string("NetworkMode");
    return switch (task.networkMode()) {
      case "awsvpc" -> "container:" + pause;
      case "host", "none" -> task.networkMode();
      case null, default ->
          asked == null || Set.of("", "bridge", "default").contains(asked) ? network.name() : asked;
    };
  }

  private JsonObject namespaces(JsonObject host) {
    JsonObject shared = host;
    String processes = task.pidMode();
    if (processes != null && !processes.isEmpty()) {
      shared = shared.with("PidMode", processes.equals("task") ? "container:" + pause : processes);
    }
    String memory = task.ipcMode();
    if (memory != null && !memory.isEmpty()) {
      shared = shared.with("IpcMode", memory.equals("task") ? "container:" + pause : memory);
    }
    return shared;
  }

  private static JsonObject command(PayloadContainer container) {
    JsonObject request = JsonObject.EMPTY;
    List<String> command = container.command();
    JsonObject overrides = overrides(container.overrides());
    if (overrides.get("command") instanceof JsonArray(var items)) {
      command =
          items.stream()
              .map(item -> item instanceof JsonString(var text) ? text : Json.text(item))
              .toList();
    }
    if (!command.isEmpty()) {
      request = request.with("Cmd", JsonArray.ofStrings(command));
    }
    return container.entryPoint().isEmpty()
        ? request
        : request.with("Entrypoint", JsonArray.ofStrings(container.entryPoint()));
  }

  private static JsonObject overrides(@Nullable JsonValue overrides) {
    return switch (overrides) {
      case JsonObject object -> object;
      case JsonString(var text) -> parse(text);
      case null, default -> JsonObject.EMPTY;
    };
  }

  private JsonObject host(PayloadContainer container) {
    JsonObject host = JsonObject.EMPTY.with("CpuShares", Math.max(2, container.cpu()));
    Integer taskMemory = task.memory();
    long memory = container.memory() > 0 ? container.memory() : taskMemory == null ? 0 : taskMemory;
    if (memory > 0) {
      host = host.with("Memory", memory * MIB);
    }
    Double cpu = task.cpu();
    if (cpu != null && cpu > 0) {
      host = host.with("NanoCpus", Math.round(cpu * 1e9));
    }
    var mounts = new ArrayList<JsonValue>();
    container.mountPoints().forEach(mount -> mounts.add(mount(mount)));
    if (!mounts.isEmpty()) {
      host = host.with("Mounts", new JsonArray(mounts));
    }
    var from = new ArrayList<String>();
    container
        .volumesFrom()
        .forEach(
            v -> {
              String source = v.sourceContainer();
              String name = source == null ? "" : names.getOrDefault(source, "");
              from.add(name + (v.readOnly() ? ":ro" : ":rw"));
            });
    return from.isEmpty() ? host : host.with("VolumesFrom", JsonArray.ofStrings(from));
  }

  private JsonObject mount(PayloadContainer.MountPoint mount) {
    String volume = mount.sourceVolume() == null ? "" : mount.sourceVolume();
    String path = mount.containerPath() == null ? "" : mount.containerPath();
    String bind =
        task.volumes().stream()
            .filter(v -> v.name().equals(volume) && v.host() != null)
            .map(v -> v.host() == null ? null : v.host().sourcePath())
            .filter(p -> p != null && !p.isEmpty())
            .findFirst()
            .orElse(null);
    return JsonObject.EMPTY
        .with("Type", bind == null ? "volume" : "bind")
        .with("Source", bind == null ? volumes.getOrDefault(volume, "") : bind)
        .with("Target", path)
        .with("ReadOnly", mount.readOnly());
  }

  private static String port(PayloadContainer.PortMapping mapping) {
    String protocol = mapping.protocol();
    return mapping.containerPort() + "/" + (protocol == null ? "tcp" : protocol);
  }

  private static JsonObject exposed(PayloadContainer container) {
    JsonObject ports = JsonObject.EMPTY;
    for (PayloadContainer.PortMapping mapping : container.portMappings()) {
      ports = ports.with(port(mapping), JsonObject.EMPTY);
    }
    return ports;
  }

  private JsonObject bindings(PayloadContainer container) {
    var byPort = new LinkedHashMap<String, List<JsonValue>>();
    for (PayloadContainer.PortMapping mapping : container.portMappings()) {
      String chosen = mapping.hostPort() == 0 ? "" : Integer.toString(mapping.hostPort());
      byPort
          .computeIfAbsent(port(mapping), p -> new ArrayList<>())
          .add(JsonObject.EMPTY.with("HostIp", bindAddress).with("HostPort", chosen));
    }
    JsonObject ports = JsonObject.EMPTY;
    for (var entry : byPort.entrySet()) {
      ports = ports.with(entry.getKey(), new JsonArray(entry.getValue()));
    }
    return ports;
  }

  private JsonObject labels(PayloadContainer container, JsonObject own) {
    JsonObject labels = own;
    labels =
        labels
            .with(TaskNetworks.INSTALLATION, installation)
            .with(TaskNetworks.TASK, task.arn())
            .with(CONTAINER, container.name())
            .with("com.amazonaws.ecs.task-arn", task.arn())
            .with("com.amazonaws.ecs.container-name", container.name());
    String cluster = task.taskClusterArn();
    String family = task.family();
    String version = task.version();
    labels = cluster == null ? labels : labels.with("com.amazonaws.ecs.cluster", cluster);
    labels =
        family == null ? labels : labels.with("com.amazonaws.ecs.task-definition-family", family);
    return version == null
        ? labels
        : labels.with("com.amazonaws.ecs.task-definition-version", version);
  }

  /** A container is found by its own name, and by the aliases that others link it as. */
  private JsonObject endpoints(PayloadContainer container) {
    var aliases = new LinkedHashSet<String>();
    aliases.add(container.name());
    for (PayloadContainer other : task.containers()) {
      for (String link : other.links()) {
        int colon = link.indexOf(':');
        if (colon > 0 && link.substring(0, colon).equals(container.name())) {
          aliases.add(link.substring(colon + 1));
        }
      }
    }
    JsonObject endpoint = JsonObject.EMPTY.with("Aliases", JsonArray.ofStrings(aliases));
    return JsonObject.EMPTY.with(
        "EndpointsConfig", JsonObject.EMPTY.with(network.name(), endpoint));
  }

  private static JsonObject parse(@Nullable String text) {
    return text == null || text.isBlank() ? JsonObject.EMPTY : Json.parseObject(text);
  }
}
