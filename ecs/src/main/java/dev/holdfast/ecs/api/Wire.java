// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.ecs.Attribute;
import dev.holdfast.aws.ecs.ClusterConfiguration;
import dev.holdfast.aws.ecs.ClusterServiceConnectDefaults;
import dev.holdfast.aws.ecs.ClusterSetting;
import dev.holdfast.aws.ecs.Container;
import dev.holdfast.aws.ecs.EphemeralStorage;
import dev.holdfast.aws.ecs.Failure;
import dev.holdfast.aws.ecs.ManagedAgent;
import dev.holdfast.aws.ecs.NetworkBinding;
import dev.holdfast.aws.ecs.Tag;
import dev.holdfast.aws.ecs.TaskOverride;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.ContainerState;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.Overrides;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.state.Census;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.store.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** State records as AWS's shapes. */
final class Wire {
  private Wire() {}

  /** A shape as a JSON tree. */
  static JsonObject json(Shape shape) {
    return (JsonObject) Json.parse(JsonCodec.bytes(shape));
  }

  static Failure missing(Arn arn) {
    return Failure.builder().arn(arn.toString()).reason("MISSING").build();
  }

  /** A cluster in a transaction that changes it. */
  static dev.holdfast.aws.ecs.Cluster cluster(View view, Cluster cluster, List<Tag> tags) {
    return cluster(Census.Counts.of(view, cluster.key()), cluster, tags);
  }

  /** A cluster with its counts. */
  static dev.holdfast.aws.ecs.Cluster cluster(
      Census.Counts counts, Cluster cluster, List<Tag> tags) {
    Cluster.Key key = cluster.key();
    return dev.holdfast.aws.ecs.Cluster.builder()
        .clusterArn(key.arn().toString())
        .clusterName(key.name())
        .status(cluster.status().name())
        .registeredContainerInstancesCount(counts.instances())
        .runningTasksCount(counts.running())
        .pendingTasksCount(counts.pending())
        .activeServicesCount(counts.services())
        .statistics(List.of())
        .tags(tags)
        .settings(
            cluster.settings().stream()
                .map(s -> ClusterSetting.builder().name(s.name()).value(s.value()).build())
                .toList())
        .capacityProviders(cluster.capacityProviders())
        .defaultCapacityProviderStrategy(StrategyWire.shapes(cluster.defaultStrategy()))
        .serviceConnectDefaults(
            cluster.namespace() == null
                ? null
                : ClusterServiceConnectDefaults.builder().namespace(cluster.namespace()).build())
        .build();
  }

  /** A cluster with what is kept and shown where it is asked for. */
  static dev.holdfast.aws.ecs.Cluster configured(
      dev.holdfast.aws.ecs.Cluster shape, Cluster cluster) {
    JsonObject kept = cluster.configuration();
    return kept == null
        ? shape
        : shape.toBuilder()
            .configuration(
                (ClusterConfiguration)
                    JsonCodec.read(ClusterConfiguration.SCHEMA, Json.bytes(kept)))
            .build();
  }

  /** A definition as AWS echoes it. */
  static dev.holdfast.aws.ecs.TaskDefinition definition(TaskDefinition definition) {
    var echoed =
        (dev.holdfast.aws.ecs.TaskDefinition)
            JsonCodec.read(
                dev.holdfast.aws.ecs.TaskDefinition.SCHEMA, Json.bytes(definition.document()));
    var builder =
        echoed.toBuilder()
            .taskDefinitionArn(definition.key().arn().toString())
            .revision(definition.key().revision())
            .status(definition.status().name())
            .registeredAt(definition.registeredAt());
    if (definition.deregisteredAt() != null) {
      builder.deregisteredAt(definition.deregisteredAt());
    }
    if (definition.deleteRequestedAt() != null) {
      builder.deleteRequestedAt(definition.deleteRequestedAt());
    }
    return builder.build();
  }

  /** A task without its tags. */
  static dev.holdfast.aws.ecs.Task task(View view, Task task) {
    TaskStatus status = task.status();
    TaskStatus.Times times = status.times();
    TaskDefinition definition =
        view.get(EcsTables.TASK_DEFINITIONS, task.key().account(), task.launch().definition());
    var builder =
        dev.holdfast.aws.ecs.Task.builder()
            .attachments(NetworkWire.attachments(task))
            .attributes(attributes(definition))
            .availabilityZone(task.key().region().name() + "a")
            .clusterArn(task.key().clusterKey().arn().toString())
            .containerInstanceArn(task.launch().fargate() ? null : instance(task).toString())
            .containers(
                task.containers().stream().map(c -> container(task, c, definition)).toList())
            .createdAt(times.createdAt())
            .desiredStatus(status.desiredStatus().name())
            .enableExecuteCommand(task.launch().enablesExecuteCommand())
            .group(task.launch().group())
            .healthStatus(TaskTransitions.health(task))
            .lastStatus(status.lastStatus().name())
            .launchType(task.launch().launchType())
            .overrides(overrides(task))
            .tags(List.of())
            .taskArn(task.key().arn().toString())
            .taskDefinitionArn(task.launch().definition().arn().toString())
            .version(status.version());
    return optional(task, definition, builder).build();
  }

  /** The disk of a task of the launch type FARGATE. */
  private static EphemeralStorage storage(@Nullable TaskDefinition definition, Task task) {
    int size =
        definition == null
            ? TaskSpec.FARGATE_GIB
            : Overrides.of(task.launch().overrides()).apply(definition.spec()).ephemeralGiB();
    return EphemeralStorage.builder().sizeInGiB(size).build();
  }

  private static dev.holdfast.aws.ecs.Task.Builder optional(
      Task task, @Nullable TaskDefinition definition, dev.holdfast.aws.ecs.Task.Builder builder) {
    TaskStatus status = task.status();
    TaskStatus.Times times = status.times();
    if (times.connectivityAt() != null) {
      builder.connectivity("CONNECTED").connectivityAt(times.connectivityAt());
    }
    Task.Ground ground = task.launch().ground();
    if (ground != null) {
      builder.capacityProviderName(ground.capacityProvider());
    }
    if (task.launch().fargate()) {
      builder
          .platformVersion(ground == null ? null : ground.platformVersion())
          .platformFamily("Linux")
          .ephemeralStorage(storage(definition, task));
    }
    return builder
        .cpu(task.launch().cpu())
        .memory(task.launch().memory())
        .startedBy(task.launch().startedBy())
        .pullStartedAt(times.pullStartedAt())
        .pullStoppedAt(times.pullStoppedAt())
        .startedAt(times.startedAt())
        .stoppingAt(times.stoppingAt())
        .stoppedAt(times.stoppedAt())
        .executionStoppedAt(times.executionStoppedAt())
        .stopCode(status.stopCode())
        .stoppedReason(status.stoppedReason());
  }

  private static List<Attribute> attributes(@Nullable TaskDefinition definition) {
    TaskSpec.Platform platform = definition == null ? null : definition.spec().runtimePlatform();
    String architecture = platform == null ? null : platform.cpuArchitecture();
    return architecture == null
        ? List.of()
        : List.of(
            Attribute.builder()
                .name("ecs.cpu-architecture")
                .value(architecture.toLowerCase(java.util.Locale.ROOT))
                .build());
  }

  static Arn instance(Task task) {
    return Arn.of(
        "ecs",
        task.key().region(),
        task.key().account(),
        "container-instance/" + task.key().cluster() + "/" + task.place().instance());
  }

  private static TaskOverride overrides(Task task) {
    var given =
        (TaskOverride) JsonCodec.read(TaskOverride.SCHEMA, Json.bytes(task.launch().overrides()));
    var builder = given.toBuilder();
    if (given.inferenceAcceleratorOverrides().isEmpty()) {
      builder.inferenceAcceleratorOverrides(List.of());
    }
    if (given.containerOverrides().isEmpty()) {
      builder.containerOverrides(
          task.containers().stream()
              .map(c -> dev.holdfast.aws.ecs.ContainerOverride.builder().name(c.name()).build())
              .toList());
    }
    return builder.build();
  }

  private static Container container(
      Task task, ContainerState c, @Nullable TaskDefinition definition) {
    ContainerSpec spec =
        definition == null
            ? null
            : Overrides.of(task.launch().overrides()).apply(definition.spec()).container(c.name());
    return Container.builder()
        .containerArn(containerArn(task, c).toString())
        .taskArn(task.key().arn().toString())
        .name(c.name())
        .image(c.image())
        .imageDigest(c.imageDigest())
        .runtimeId(c.runtimeId())
        .lastStatus(c.lastStatus().name())
        .exitCode(c.exitCode())
        .reason(c.reason())
        .networkBindings(
            NetworkWire.bindsHostPorts(task)
                ? c.networkBindings().stream().map(Wire::binding).toList()
                : List.of())
        .networkInterfaces(NetworkWire.interfaces(task))
        .healthStatus(c.healthStatus() == null ? "UNKNOWN" : c.healthStatus())
        .cpu(spec == null || spec.cpu() == null ? "0" : spec.cpu().toString())
        .memory(spec == null || spec.memory() == null ? null : spec.memory().toString())
        .memoryReservation(
            spec == null || spec.memoryReservation() == null
                ? null
                : spec.memoryReservation().toString())
        .managedAgents(agents(task, c))
        .build();
  }

  static Arn containerArn(Task task, ContainerState c) {
    return Arn.of(
        "ecs",
        task.key().region(),
        task.key().account(),
        "container/" + task.key().cluster() + "/" + task.key().id() + "/" + c.id());
  }

  /** Commands are run through the host's agent: there is one as soon as the container runs. */
  private static List<ManagedAgent> agents(Task task, ContainerState c) {
    if (!task.launch().enablesExecuteCommand()) {
      return List.of();
    }
    boolean runs = c.lastStatus() == TaskStatus.Last.RUNNING;
    String status =
        runs ? "RUNNING" : c.lastStatus() == TaskStatus.Last.STOPPED ? "STOPPED" : "PENDING";
    return List.of(
        ManagedAgent.builder()
            .name("ExecuteCommandAgent")
            .lastStatus(status)
            .lastStartedAt(runs ? task.status().times().startedAt() : null)
            .build());
  }

  private static NetworkBinding binding(ContainerState.Binding b) {
    return NetworkBinding.builder()
        .bindIP(b.bindIP())
        .containerPort(b.containerPort())
        .hostPort(b.hostPort())
        .protocol(b.protocol())
        .build();
  }
}
