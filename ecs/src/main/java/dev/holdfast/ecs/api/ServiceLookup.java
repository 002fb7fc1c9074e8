// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.ecs.plan.TaskSize;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.ecs.state.Starter;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Guardrail;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What calls on services look up, and what they refuse where it is not there. */
final class ServiceLookup {
  private ServiceLookup() {}

  /** The service of a request; one of another cluster than it names is refused. */
  static Service.Key key(Call call, @Nullable String cluster, String service) {
    Service.Key key = Names.service(Names.cluster(call, cluster), service);
    if (cluster != null) {
      Names.require(Names.cluster(call, cluster), key.clusterKey());
    }
    return key;
  }

  /** The service's row, whatever its status. */
  static Service service(View view, Service.Key key) {
    Names.active(view, key.clusterKey());
    Service row = Services.find(view, key);
    if (row == null) {
      throw EcsError.SERVICE_NOT_FOUND.because("Service not found.");
    }
    return row;
  }

  /** The definition as policies are to judge it; nothing is looked up of another account. */
  static Optional<TaskDefinition> judged(View view, Call call, @Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    var name = Names.definition(call, text);
    return name.account().equals(call.account()) ? Names.find(view, name) : Optional.empty();
  }

  /** What AWS lets policies judge of the definition beside the service. */
  static Demand definition(
      Demand demand, Call call, @Nullable String text, Optional<TaskDefinition> found) {
    if (text == null) {
      return demand;
    }
    Arn arn = found.map(d -> d.key().arn()).orElseGet(() -> Names.definition(call, text).arn());
    TaskSpec spec = found.map(TaskDefinition::spec).orElse(null);
    return demand
        .key("ecs:task-definition", arn.toString())
        .key("ecs:task-cpu", spec == null ? null : TaskSize.cpuKey(spec.cpu()))
        .key("ecs:task-memory", spec == null ? null : TaskSize.memoryKey(spec.memory()));
  }

  static List<Arn> roles(Call call, TaskSpec spec) {
    return Stream.of(
            Names.role(call, spec.taskRoleArn()), Names.role(call, spec.executionRoleArn()))
        .filter(Objects::nonNull)
        .toList();
  }

  /**
   * The definition that a service is to run; its roles were asked for when the call was decided.
   */
  static TaskDefinition definition(View view, Call call, String text) {
    TaskDefinition definition =
        Names.find(view, Names.definition(call, text))
            .filter(d -> d.key().account().equals(call.account()))
            .orElseThrow(() -> EcsError.CLIENT.because("TaskDefinition not found."));
    if (definition.status() != TaskDefinition.Status.ACTIVE) {
      throw EcsError.CLIENT.because("TaskDefinition is inactive");
    }
    for (Arn role : roles(call, definition.spec())) {
      if (!call.record().touches(role.toString())) {
        throw EcsError.CLIENT.because(
            "The task definition got a new revision while this call was decided; try again.");
      }
    }
    return definition;
  }

  /** Refuses a caller of one environment that changes a service of another. */
  static void checkCaller(Starter starter, Service.Key service, @Nullable String environment) {
    String mine = starter.environment();
    if (mine != null && environment != null && !mine.equals(environment)) {
      starter.violated(
          Guardrail.ENVIRONMENT_LEAK,
          EcsError.ACCESS_DENIED,
          service.arn().toString(),
          "the service belongs to the environment "
              + environment
              + ", and the caller to "
              + mine
              + ": use a principal without one, such as the one that deploys");
    }
  }

  /** Refuses a cluster of another account or region: what a service needs is looked up here. */
  static void mine(Call call, Cluster.Key cluster) {
    if (!cluster.account().equals(call.account()) || !cluster.region().equals(call.region())) {
      throw Names.invalid();
    }
  }
}
