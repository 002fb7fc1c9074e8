// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.RecordCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What RunTask changes of a definition, for this run alone. Pure. */
public record Overrides(
    @Nullable String cpu,
    @Nullable String memory,
    @Nullable String taskRoleArn,
    @Nullable String executionRoleArn,
    TaskSpec.@Nullable Storage ephemeralStorage,
    List<Container> containerOverrides) {
  /**
   * In characters of JSON: they are kept with each task, and a hundred tasks are described at once.
   */
  private static final int LONGEST = 8192;

  private static final RecordCodec<Overrides> CODEC = RecordCodec.of(Overrides.class);

  /** What changes of one container; an empty command changes nothing. */
  public record Container(
      @Nullable String name,
      List<String> command,
      List<ContainerSpec.Pair> environment,
      @Nullable Integer cpu,
      @Nullable Integer memory,
      @Nullable Integer memoryReservation) {}

  /** The overrides in a request's member. */
  public static Overrides of(JsonObject document) {
    return CODEC.read(document);
  }

  /** The first fault, or empty. */
  public static Optional<Fault> fault(JsonObject document, TaskSpec spec) {
    if (Json.text(document).length() > LONGEST) {
      return Optional.of(Fault.parameter("Container Overrides length must be at most " + LONGEST));
    }
    if (!document.array("inferenceAcceleratorOverrides").isEmpty()) {
      return Optional.of(
          Fault.parameter("`overrides.inferenceAcceleratorOverrides` is not served"));
    }
    for (var container : document.array("containerOverrides")) {
      if (container instanceof JsonObject object) {
        for (String member : List.of("environmentFiles", "resourceRequirements")) {
          if (!object.array(member).isEmpty()) {
            return Optional.of(
                Fault.parameter("`overrides.containerOverrides." + member + "` is not served"));
          }
        }
        String name = object.string("name");
        if (name == null || spec.container(name) == null) {
          return Optional.of(
              Fault.parameter(
                  "Override for container named "
                      + name
                      + " is not a container in the TaskDefinition."));
        }
      }
    }
    return TaskDefinitionCheck.fault(of(document).apply(spec));
  }

  /** The definition as it runs. */
  public TaskSpec apply(TaskSpec spec) {
    return new TaskSpec(
        spec.family(),
        taskRoleArn == null ? spec.taskRoleArn() : taskRoleArn,
        executionRoleArn == null ? spec.executionRoleArn() : executionRoleArn,
        spec.networkMode(),
        cpu == null ? spec.cpu() : cpu,
        memory == null ? spec.memory() : memory,
        spec.pidMode(),
        spec.ipcMode(),
        spec.runtimePlatform(),
        ephemeralStorage == null ? spec.ephemeralStorage() : ephemeralStorage,
        spec.requiresCompatibilities(),
        spec.placementConstraints(),
        spec.containerDefinitions().stream().map(this::apply).toList(),
        spec.volumes());
  }

  private ContainerSpec apply(ContainerSpec spec) {
    ContainerSpec result = spec;
    for (Container over : containerOverrides) {
      if (spec.label().equals(over.name())) {
        result = apply(result, over);
      }
    }
    return result;
  }

  private static ContainerSpec apply(ContainerSpec c, Container over) {
    var environment = new LinkedHashMap<String, ContainerSpec.Pair>();
    c.environment().forEach(pair -> environment.put(String.valueOf(pair.name()), pair));
    over.environment().forEach(pair -> environment.put(String.valueOf(pair.name()), pair));
    return c.running(
        over.command().isEmpty() ? c.command() : over.command(),
        List.copyOf(environment.values()),
        over.cpu() == null ? c.cpu() : over.cpu(),
        over.memory() == null ? c.memory() : over.memory(),
        over.memoryReservation() == null ? c.memoryReservation() : over.memoryReservation());
  }
}
