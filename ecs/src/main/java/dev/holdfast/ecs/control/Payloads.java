// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.ContainerState;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.ecs.plan.TaskSize;
import dev.holdfast.ecs.plan.ValueFrom;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue;
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
  static PayloadTask start(Task task, TaskSpec spec, Sessions sessions, Dialect dialect) {
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
        spec.network(),
        cpu.isPresent() ? cpu.getAsInt() / 1024.0 : null,
        memory.isPresent() ? memory.getAsInt() : null,
        task.launch().fargate() ? (long) spec.ephemeralGiB() << 30 : null,
        Services.named(task).map(Service.Key::name).orElse(null),
        task.launch().group(),
        JsonValue.of("{}"),
        spec.pidMode(),
        spec.ipcMode(),
        sessions.task(),
        sessions.execution(),
        spec.volumes().stream().map(v -> volume(task, v)).toList(),
        spec.containerDefinitions().stream().map(c -> container(task, spec, c, dialect)).toList());
  }

  private static PayloadTask.Volume volume(Task task, TaskSpec.Volume volume) {
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
              labels(task, docker)));
    }
    TaskSpec.HostVolume host = volume.host();
    return new PayloadTask.Volume(
        name, "host", new PayloadTask.HostVolume(host == null ? null : host.sourcePath()), null);
  }

  /** A shared volume is that of one environment: the agent keeps each one's apart by this label. */
  private static Map<String, String> labels(Task task, TaskSpec.DockerVolume docker) {
    String environment = task.environment().name();
    var labels = new LinkedHashMap<>(docker.labels());
    labels.remove(PayloadTask.ENVIRONMENT);
    if (environment != null && "shared".equals(docker.scope())) {
      labels.put(PayloadTask.ENVIRONMENT, environment);
    }
    return labels;
  }

  private static PayloadContainer container(
      Task task, TaskSpec spec, ContainerSpec c, Dialect dialect) {
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
        c.volumesFrom().stream()
            .map(v -> new PayloadContainer.VolumeFrom(v.sourceContainer(), v.readOnly()))
            .toList(),
        secrets(task, c, dialect),
        dependencies(c),
        c.startTimeout(),
        c.stopTimeout(),
        c.healthCheck() == null ? null : "docker",
        restart(c),
        authentication(task, state),
        new PayloadContainer.DockerConfig(
            "1.24",
            DockerDocuments.config(c),
            DockerDocuments.hostConfig(
                spec, c, log -> dialect.logOptions(task, c, log), dialect.stock())),
        Arn.of(
                "ecs",
                task.key().region(),
                task.key().account(),
                "container/" + task.key().cluster() + "/" + task.key().id() + "/" + state.id())
            .toString(),
        dialect.logsByExecutionRole(task, c) ? "ExecutionRole" : null);
  }

  /** What a container depends on, and what it links to: that must have started too. */
  private static List<PayloadContainer.Dependency> dependencies(ContainerSpec c) {
    var all = new LinkedHashMap<String, PayloadContainer.Dependency>();
    for (String link : c.links()) {
      int colon = link.indexOf(':');
      String name = colon < 0 ? link : link.substring(0, colon);
      all.put(name, new PayloadContainer.Dependency(name, "START"));
    }
    c.dependsOn()
        .forEach(
            d ->
                all.put(
                    d.containerName(),
                    new PayloadContainer.Dependency(d.containerName(), d.condition())));
    return List.copyOf(all.values());
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

  private static List<PayloadContainer.SecretReference> secrets(
      Task task, ContainerSpec c, Dialect dialect) {
    return task.secrets().stream()
        .filter(s -> s.container().equals(c.name()))
        .map(s -> secret(task, s, dialect))
        .toList();
  }

  private static PayloadContainer.SecretReference secret(
      Task task, Task.ResolvedSecret s, Dialect dialect) {
    String own = task.key().region().name();
    String found = s.parameter();
    return switch (Dialect.parsed(task, s)) {
      case ValueFrom.Secret secret ->
          reference(
              s,
              found == null ? s.valueFrom() : secret.pinned(found, String.valueOf(s.versionId())),
              "asm",
              secret.region());
      case ValueFrom.Elsewhere(var arn, var region) ->
          reference(s, dialect.elsewhere(task, arn), "ssm", region);
      case ValueFrom.Parameter _, ValueFrom.Refused _ ->
          reference(s, dialect.parameter(s), "ssm", own);
    };
  }

  private static PayloadContainer.SecretReference reference(
      Task.ResolvedSecret s, String valueFrom, String provider, String region) {
    return new PayloadContainer.SecretReference(
        s.variable(), valueFrom, provider, region, "ENVIRONMENT_VARIABLE", "CONTAINER");
  }
}
