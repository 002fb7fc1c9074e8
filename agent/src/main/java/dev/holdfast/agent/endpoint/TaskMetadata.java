// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.endpoint;

import dev.holdfast.agent.engine.Container;
import dev.holdfast.agent.task.ContainerState;
import dev.holdfast.agent.task.TaskRunner;
import dev.holdfast.agent.task.TaskState;
import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.TaskInterface;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The documents of the task metadata endpoint, version 4. */
final class TaskMetadata {
  private TaskMetadata() {}

  static JsonObject task(TaskRunner runner, Map<String, Container> seen, String availabilityZone) {
    PayloadTask task = runner.task();
    TaskState state = runner.state();
    var containers = new ArrayList<JsonValue>();
    task.containers().forEach(c -> containers.add(container(runner, c, seen.get(c.name()))));
    JsonObject limits = JsonObject.EMPTY;
    Double cpu = task.cpu();
    if (cpu != null) {
      limits = limits.with("CPU", dev.holdfast.kit.JsonValue.JsonNumber.of(cpu));
    }
    Integer memory = task.memory();
    if (memory != null) {
      limits = limits.with("Memory", memory);
    }
    JsonObject json =
        JsonObject.EMPTY
            .with("Cluster", text(task.taskClusterArn()))
            .with("TaskARN", task.arn())
            .with("Family", text(task.family()))
            .with("Revision", text(task.version()))
            .with("DesiredStatus", runner.stopWanted() ? "STOPPED" : "RUNNING")
            .with("KnownStatus", status(state))
            .with("Containers", new JsonArray(containers))
            .with("AvailabilityZone", availabilityZone)
            .with("LaunchType", text(task.launchType()))
            .with("FaultInjectionEnabled", false);
    json = limits.members().isEmpty() ? json : json.with("Limits", limits);
    json = time(json, "PullStartedAt", state.pullStartedAt());
    json = time(json, "PullStoppedAt", state.pullStoppedAt());
    json = time(json, "ExecutionStoppedAt", state.executionStoppedAt());
    String service = task.serviceName();
    return service == null ? json : json.with("ServiceName", service);
  }

  static JsonObject container(
      TaskRunner runner, PayloadContainer container, @Nullable Container seen) {
    ContainerState state = runner.state().container(container.name());
    JsonObject json =
        JsonObject.EMPTY
            .with("DockerId", text(state.runtimeId()))
            .with("Name", container.name())
            .with("DockerName", seen == null ? "" : seen.name())
            .with("Image", container.image())
            .with("ImageID", seen == null ? "" : seen.imageId())
            .with("DesiredStatus", runner.stopWanted() ? "STOPPED" : "RUNNING")
            .with("KnownStatus", status(state))
            .with(
                "Limits",
                JsonObject.EMPTY.with("CPU", container.cpu()).with("Memory", container.memory()))
            .with("Type", "NORMAL")
            .with("RestartCount", state.restarts());
    json = log(json, container);
    Integer exitCode = state.exitCode();
    json = exitCode == null ? json : json.with("ExitCode", exitCode);
    String arn = container.containerArn();
    json = arn == null ? json : json.with("ContainerARN", arn);
    String health = state.health();
    if (health != null) {
      json = json.with("Health", JsonObject.EMPTY.with("status", health.toUpperCase(Locale.ROOT)));
    }
    json = time(json, "StartedAt", state.firstStartedAt());
    json = time(json, "FinishedAt", state.finishedAt());
    return seen == null ? json : engineParts(json, seen, runner);
  }

  /** The log driver that the definition says; what the engine keeps beside it is ours. */
  private static JsonObject log(JsonObject json, PayloadContainer container) {
    PayloadContainer.DockerConfig docker = container.dockerConfig();
    String text = docker == null ? null : docker.hostConfig();
    JsonObject config = JsonObject.EMPTY;
    try {
      config =
          text == null || text.isBlank()
              ? JsonObject.EMPTY
              : Json.parseObject(text).object("LogConfig");
    } catch (Json.MalformedJson _) {
      // Which the container's creation tells.
    }
    String driver = config.string("Type");
    JsonObject options = config.object("Config");
    JsonObject said = json.with("LogDriver", driver == null ? "json-file" : driver);
    return options.members().isEmpty() ? said : said.with("LogOptions", options);
  }

  private static JsonObject engineParts(JsonObject json, Container seen, TaskRunner runner) {
    JsonObject labels = JsonObject.EMPTY;
    for (var label : seen.labels().entrySet()) {
      labels = labels.with(label.getKey(), label.getValue());
    }
    String mode = runner.task().networkMode();
    var networks = new ArrayList<JsonValue>();
    if (mode != null && (mode.equals("host") || mode.equals("none"))) {
      networks.add(
          JsonObject.EMPTY
              .with("NetworkMode", mode)
              .with("IPv4Addresses", new JsonArray(List.of())));
    } else {
      seen.addresses()
          .values()
          .forEach(
              ip ->
                  networks.add(
                      JsonObject.EMPTY
                          .with("NetworkMode", "bridge")
                          .with("IPv4Addresses", JsonArray.ofStrings(List.of(ip)))));
    }
    String own = runner.state().address();
    if (own != null) {
      networks.clear();
      networks.add(
          JsonObject.EMPTY
              .with("NetworkMode", "awsvpc")
              .with("IPv4Addresses", JsonArray.ofStrings(List.of(own)))
              .with("AttachmentIndex", 0)
              .with("MACAddress", TaskInterface.mac(runner.task().arn()))
              .with("PrivateDNSName", TaskInterface.dnsName(runner.task().arn(), own)));
    }
    var ports = new ArrayList<JsonValue>();
    seen.bindings()
        .forEach(
            b ->
                ports.add(
                    JsonObject.EMPTY
                        .with("ContainerPort", b.containerPort())
                        .with("Protocol", b.protocol())
                        .with("HostPort", b.hostPort())
                        .with("HostIp", b.hostIp())));
    JsonObject full =
        json.with("Labels", labels)
            .with("Networks", new JsonArray(networks))
            .with("Ports", new JsonArray(ports));
    return time(full, "CreatedAt", seen.createdAt());
  }

  private static String status(TaskState state) {
    if (state.stopped()) {
      return "STOPPED";
    }
    return state.containers().values().stream()
            .allMatch(c -> c.is(ContainerState.Phase.RUNNING) || c.everStarted())
        ? "RUNNING"
        : "PENDING";
  }

  private static String status(ContainerState state) {
    return switch (state.phase()) {
      case NONE, PULLED -> "PULLED";
      case CREATED -> "CREATED";
      case RUNNING -> "RUNNING";
      case STOPPED -> "STOPPED";
    };
  }

  private static JsonObject time(JsonObject json, String name, @Nullable Instant at) {
    return at == null ? json : json.with(name, new JsonString(at.toString()));
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
