// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.store.View;

/** The resources that can carry tags. */
final class TaggedResources {
  private TaggedResources() {}

  /**
   * The ARN of a request in its one spelling: policies are judged by it, and tags kept under it.
   */
  static Arn arn(Call call, String text) {
    Arn arn = Arn.parse(text).orElseThrow(Names::invalid);
    int slash = arn.resource().indexOf('/');
    return switch (slash < 0 ? "" : arn.resource().substring(0, slash)) {
      case "cluster" -> Names.cluster(call, text).arn();
      case "task" -> Names.task(Names.cluster(call, null), text).arn();
      case "service" -> Names.service(Names.cluster(call, null), text).arn();
      case "container-instance" -> Names.instance(Names.cluster(call, null), text).arn();
      case "task-definition" -> {
        Names.DefinitionName name = Names.definition(call, text);
        yield name.revision() == 0 ? arn : name.arn();
      }
      case "capacity-provider" -> Providers.key(call, text).arn();
      default -> throw Names.invalid();
    };
  }

  /** Refuses an ARN that names nothing of the caller's. */
  static void require(View view, Call call, Arn arn) {
    if (!arn.account().equals(call.account().digits()) || !exists(view, call, arn)) {
      throw EcsError.INVALID_PARAMETER.because("The specified resource was not found: %s", arn);
    }
  }

  private static boolean exists(View view, Call call, Arn arn) {
    String text = arn.toString();
    int slash = arn.resource().indexOf('/');
    return switch (slash < 0 ? "" : arn.resource().substring(0, slash)) {
      case "cluster" ->
          view.get(EcsTables.CLUSTERS, call.account(), Names.cluster(call, text)) != null;
      case "task" ->
          view.get(EcsTables.TASKS, call.account(), Names.task(Names.cluster(call, null), text))
              != null;
      case "service" -> {
        Service row =
            view.get(
                EcsTables.SERVICES, call.account(), Names.service(Names.cluster(call, null), text));
        yield row != null && row.status() != Service.Status.INACTIVE;
      }
      case "container-instance" ->
          view.get(
                  EcsTables.INSTANCES,
                  call.account(),
                  Names.instance(Names.cluster(call, null), text))
              != null;
      case "task-definition" -> {
        var name = Names.definition(call, text);
        yield name.revision() != 0
            && view.get(
                    EcsTables.TASK_DEFINITIONS,
                    call.account(),
                    new TaskDefinition.Key(
                        name.account(), name.region(), name.family(), name.revision()))
                != null;
      }
      case "capacity-provider" ->
          Providers.builtIn(Providers.key(call, text))
              || view.get(EcsTables.CAPACITY_PROVIDERS, call.account(), Providers.key(call, text))
                  != null;
      default -> false;
    };
  }
}
