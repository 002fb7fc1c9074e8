// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.DeregisterTaskDefinitionRequest;
import dev.holdfast.aws.ecs.DeregisterTaskDefinitionResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** Marks a revision as inactive: running tasks go on, new ones cannot start. */
public final class DeregisterTaskDefinition
    implements Operation<DeregisterTaskDefinitionRequest, DeregisterTaskDefinitionResponse> {
  private final State state;

  public DeregisterTaskDefinition(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<DeregisterTaskDefinitionRequest, DeregisterTaskDefinitionResponse> model() {
    return EcsModel.DEREGISTER_TASK_DEFINITION;
  }

  @Override
  public Access access(Call call, DeregisterTaskDefinitionRequest in) {
    return Names.own(
        call, "ecs:DeregisterTaskDefinition", Names.definition(call, in.taskDefinition()));
  }

  @Override
  public DeregisterTaskDefinitionResponse handle(Call call, DeregisterTaskDefinitionRequest in) {
    var name = Names.definition(call, in.taskDefinition());
    if (name.revision() == 0) {
      throw EcsError.CLIENT.because("Invalid revision number. Number: null");
    }
    return state.commit(
        call,
        tx -> {
          TaskDefinition definition =
              Names.find(tx, name)
                  .filter(d -> d.key().account().equals(call.account()))
                  .orElseThrow(
                      () ->
                          EcsError.CLIENT.because(
                              "Unable to deregister task definition. The task definition does not exist."));
          if (definition.status() == TaskDefinition.Status.ACTIVE) {
            definition = definition.deregistered(call.now());
            tx.put(EcsTables.TASK_DEFINITIONS, call.account(), definition.key(), definition);
          }
          return DeregisterTaskDefinitionResponse.builder()
              .taskDefinition(Wire.definition(definition))
              .build();
        });
  }
}
