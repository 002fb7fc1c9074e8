// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.ContainerState;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.ecs.plan.TaskSize;
import dev.holdfast.ecs.plan.ValueFrom;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Renders a task as the agent's protocol has it. Pure. */
final class Payloads {
  private Payloads() {}

  /** The sessions that go with a task. */
  record Sessions(@Nullable RoleCredentials task, @Nullable RoleCredentials execution) {}

  /**
   * The message that starts a task.
   *
   * @param spec the definition with the overrides applied
   */
  static PayloadTask start(Task task, TaskSpec spec, Sessions sessions) {
    var cpu = TaskSize.cpu(spec.cpu());
    var memory = TaskSize.memory(spec.memory());
    return new PayloadTask(
        task.key().arn().toString(),
        task.key().clusterKey().arn().toString(),
        task.launch().definition().family(),
        Integer.toString(task.launch().definition().revision()),
        task.key().account().digits(),
        "RUNNING",
        task.launch().launchType(),
        spec.networkMode() == null ? "bridge" : spec.networkMode(),
        cpu.isPresent() ? cpu.getAsInt() / 1024.0 : null,
        memory.isPresent() ? memory.getAsInt() : null,
        null,
        task.launch().group(),
        JsonValue.of("{}"),
        null,
        null,
        sessions.task(),
        sessions.execution(),
        spec.volumes().stream().map(Payloads::volume).toList(),
        spec.containerDefinitions().stream().map(c -> container(task, spec, c)).toList());
  }

  private static PayloadTask.Volume volume(TaskSpec.Volume volume) {
    String name = String.valueOf(volume.name());
    TaskSpec.DockerVolume docker = volume.dockerVolumeConfiguration();
    if (docker != null) {
      return new PayloadTask.Volume(
          name,
          "docker",
          null,
          new PayloadTask.VolumeSettings(
              docker.scope() == null ? "task" : docker.scope(),
              docker.autoprovision(),
              docker.driver() == null ? "local" : docker.driver(),
              Map.of(),
              docker.labels()));
    }
    TaskSpec.HostVolume host = volume.host();
    return new PayloadTask.Volume(
        name, "host", new PayloadTask.HostVolume(host == null ? null : host.sourcePath()), null);
  }

  private static PayloadContainer container(Task task, TaskSpec spec, ContainerSpec c) {
    ContainerState state =
        task.containers().stream().filter(s -> s.name().equals(c.name())).findFirst().orElseThrow();
    var environment = new LinkedHashMap<String, String>();
    c.environment()
        .forEach(
            pair ->
                environment.put(
                    String.valueOf(pair.name()), pair.value() == null ? "" : pair.value()));
    return new PayloadContainer(
        c.label(),
        state.pull(),
        c.isEssential(),
        c.cpu() == null ? 0 : c.cpu(),
        c.memory() == null ? 0 : c.memory(),
        c.entryPoint(),
        c.command(),
        environment,
        JsonValue.of("{}"),
        c.portMappings().stream().map(Payloads::port).toList(),
        c.links(),
        c.mountPoints().stream()
            .map(
                m ->
                    new PayloadContainer.MountPoint(
                        m.sourceVolume(), m.containerPath(), m.readOnly()))
            .toList(),
        List.of(),
        secrets(task, c),
        c.dependsOn().stream()
            .map(d -> new PayloadContainer.Dependency(d.containerName(), d.condition()))
            .toList(),
        c.startTimeout(),
        c.stopTimeout(),
        c.healthCheck() == null ? null : "docker",
        restart(c),
        authentication(task, state),
        new PayloadContainer.DockerConfig(
            "1.24", DockerDocuments.config(c), DockerDocuments.hostConfig(spec, c)),
        Arn.of(
                "ecs",
                task.key().region(),
                task.key().account(),
                "container/" + task.key().cluster() + "/" + task.key().id() + "/" + state.id())
            .toString());
  }

  private static PayloadContainer.PortMapping port(ContainerSpec.Port port) {
    return new PayloadContainer.PortMapping(
        port.containerPort() == null ? 0 : port.containerPort(),
        port.fixed(),
        port.udp() ? "udp" : "tcp");
  }

  private static PayloadContainer.@Nullable RestartPolicy restart(ContainerSpec c) {
    ContainerSpec.RestartPolicy policy = c.restartPolicy();
    return policy == null
        ? null
        : new PayloadContainer.RestartPolicy(
            policy.enabled(), policy.ignoredExitCodes(), policy.restartAttemptPeriod());
  }

  /**
   * An image of the own registry has a digest from the start; others are pulled without a token.
   */
  private static PayloadContainer.@Nullable RegistryAuthentication authentication(
      Task task, ContainerState state) {
    if (state.pull().equals(state.image()) || task.credentials().executionRoleArn() == null) {
      return null;
    }
    return new PayloadContainer.RegistryAuthentication(
        "ecr",
        new PayloadContainer.EcrAuthData(
            task.key().account().digits(), task.key().region().name(), true, null),
        null);
  }

  private static List<PayloadContainer.SecretReference> secrets(Task task, ContainerSpec c) {
    return task.secrets().stream()
        .filter(s -> s.container().equals(c.name()))
        .map(s -> secret(task, s))
        .toList();
  }

  private static PayloadContainer.SecretReference secret(Task task, Task.ResolvedSecret s) {
    String own = task.key().region().name();
    String found = s.parameter();
    return switch (ValueFrom.parse(s.valueFrom(), task.key().account().digits(), own)) {
      case ValueFrom.Secret secret ->
          reference(
              s,
              found == null ? s.valueFrom() : secret.pinned(found, String.valueOf(s.versionId())),
              "asm",
              secret.region());
      case ValueFrom.Elsewhere elsewhere -> reference(s, s.valueFrom(), "ssm", elsewhere.region());
      case ValueFrom.Parameter _, ValueFrom.Refused _ ->
          reference(s, found == null ? s.valueFrom() : found + ":" + s.version(), "ssm", own);
    };
  }

  private static PayloadContainer.SecretReference reference(
      Task.ResolvedSecret s, String valueFrom, String provider, String region) {
    return new PayloadContainer.SecretReference(
        s.variable(), valueFrom, provider, region, "ENVIRONMENT_VARIABLE", "CONTAINER");
  }

  /** Two documents of the container engine. */
  static final class DockerDocuments {
    private static final long SECOND = 1_000_000_000L;
    private static final long MIB = 1024L * 1024;

    private DockerDocuments() {}

    static String config(ContainerSpec c) {
      JsonObject config = JsonObject.EMPTY;
      if (!c.dockerLabels().isEmpty()) {
        var labels = new LinkedHashMap<String, JsonValue>();
        c.dockerLabels().forEach((name, value) -> labels.put(name, JsonValue.of(value)));
        config = config.with("Labels", new JsonObject(labels));
      }
      config = text(config, "User", c.user());
      config = text(config, "WorkingDir", c.workingDirectory());
      config = text(config, "Hostname", c.hostname());
      config = c.pseudoTerminal() ? config.with("Tty", true) : config;
      config = c.interactive() ? config.with("OpenStdin", true) : config;
      ContainerSpec.HealthCheck check = c.healthCheck();
      if (check != null) {
        config =
            config.with(
                "Healthcheck",
                JsonObject.EMPTY
                    .with("Test", JsonArray.ofStrings(check.command()))
                    .with("Interval", or(check.interval(), 30) * SECOND)
                    .with("Timeout", or(check.timeout(), 5) * SECOND)
                    .with("Retries", or(check.retries(), 3))
                    .with("StartPeriod", or(check.startPeriod(), 0) * SECOND));
      }
      return dev.holdfast.kit.Json.text(config);
    }

    static String hostConfig(TaskSpec spec, ContainerSpec c) {
      JsonObject host = JsonObject.EMPTY;
      host = "none".equals(spec.networkMode()) ? host.with("NetworkMode", "none") : host;
      host = log(host, c.logConfiguration());
      host = c.readonlyRootFilesystem() ? host.with("ReadonlyRootfs", true) : host;
      if (c.memoryReservation() != null) {
        host = host.with("MemoryReservation", c.memoryReservation() * MIB);
      }
      if (!c.ulimits().isEmpty()) {
        host =
            host.with(
                "Ulimits",
                new JsonArray(
                    c.ulimits().stream()
                        .<JsonValue>map(
                            u ->
                                JsonObject.EMPTY
                                    .with("Name", u.name())
                                    .with("Soft", u.softLimit())
                                    .with("Hard", u.hardLimit()))
                        .toList()));
      }
      host = list(host, "Dns", c.dnsServers());
      host = list(host, "DnsSearch", c.dnsSearchDomains());
      host =
          list(
              host,
              "ExtraHosts",
              c.extraHosts().stream().map(h -> h.hostname() + ":" + h.ipAddress()).toList());
      return dev.holdfast.kit.Json.text(linux(host, c.linuxParameters()));
    }

    /** Where the output goes; absent where the host's own capped files are meant. */
    private static JsonObject log(JsonObject host, ContainerSpec.@Nullable LogConfiguration log) {
      String driver = log == null ? null : log.logDriver();
      if (log == null || driver == null || driver.equals("json-file")) {
        return host;
      }
      var options = new LinkedHashMap<String, JsonValue>();
      log.options().forEach((name, value) -> options.put(name, JsonValue.of(value)));
      return host.with(
          "LogConfig",
          JsonObject.EMPTY.with("Type", driver).with("Config", new JsonObject(options)));
    }

    private static JsonObject linux(JsonObject given, ContainerSpec.@Nullable Linux linux) {
      if (linux == null) {
        return given;
      }
      JsonObject host = linux.initProcessEnabled() ? given.with("Init", true) : given;
      ContainerSpec.Capabilities capabilities = linux.capabilities();
      if (capabilities != null) {
        host = list(host, "CapDrop", capabilities.drop());
      }
      if (linux.sharedMemorySize() != null) {
        host = host.with("ShmSize", linux.sharedMemorySize() * MIB);
      }
      if (!linux.tmpfs().isEmpty()) {
        var tmpfs = new LinkedHashMap<String, JsonValue>();
        for (ContainerSpec.Tmpfs t : linux.tmpfs()) {
          String options = String.join(",", t.mountOptions());
          tmpfs.put(
              t.containerPath(),
              JsonValue.of("size=" + t.size() + "m" + (options.isEmpty() ? "" : "," + options)));
        }
        host = host.with("Tmpfs", new JsonObject(tmpfs));
      }
      return host;
    }

    private static JsonObject text(JsonObject object, String name, @Nullable String value) {
      return value == null || value.isEmpty() ? object : object.with(name, value);
    }

    private static JsonObject list(JsonObject object, String name, List<String> values) {
      return values.isEmpty() ? object : object.with(name, JsonArray.ofStrings(values));
    }

    private static int or(@Nullable Integer value, int otherwise) {
      return value == null ? otherwise : value;
    }
  }
}
