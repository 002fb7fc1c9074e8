// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.DeleteTaskDefinitionsRequest;
import dev.holdfast.aws.ecs.DeleteTaskDefinitionsResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.Failure;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import java.util.ArrayList;

/** Deletes inactive revisions: they stay visible while tasks of theirs run. */
public final class DeleteTaskDefinitions
    implements Operation<DeleteTaskDefinitionsRequest, DeleteTaskDefinitionsResponse> {
  private final State state;

  public DeleteTaskDefinitions(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<DeleteTaskDefinitionsRequest, DeleteTaskDefinitionsResponse> model() {
    return EcsModel.DELETE_TASK_DEFINITIONS;
  }

  @Override
  public Access access(Call call, DeleteTaskDefinitionsRequest in) {
    return Names.each(
        Names.atMost(10, "Task definitions", in.taskDefinitions()).stream()
            .map(text -> Demand.on("ecs:DeleteTaskDefinitions", Names.definition(call, text).arn()))
            .toList(),
        Demand.on("ecs:DeleteTaskDefinitions"));
  }

  @Override
  public DeleteTaskDefinitionsResponse handle(Call call, DeleteTaskDefinitionsRequest in) {
    if (in.taskDefinitions().isEmpty()) {
      throw EcsError.INVALID_PARAMETER.because("Task definitions cannot be empty.");
    }
    return state.commit(
        call,
        tx -> {
          var deleted = new ArrayList<dev.holdfast.aws.ecs.TaskDefinition>();
          var failures = new ArrayList<Failure>();
          for (String text : in.taskDefinitions()) {
            var name = Names.definition(call, text);
            TaskDefinition definition =
                name.revision() == 0 ? null : Names.find(tx, name).orElse(null);
            if (definition == null || !definition.key().account().equals(call.account())) {
              failures.add(Wire.missing(name.arn()));
            } else if (definition.status() == TaskDefinition.Status.ACTIVE) {
              failures.add(
                  Failure.builder()
                      .arn(name.arn().toString())
                      .reason(
                          "The specified task definition is still in ACTIVE status. Please"
                              + " deregister the target and try again.")
                      .build());
            } else {
              definition = definition.deleted(call.now());
              tx.put(EcsTables.TASK_DEFINITIONS, call.account(), definition.key(), definition);
              deleted.add(Wire.definition(definition));
            }
          }
          return DeleteTaskDefinitionsResponse.builder()
              .taskDefinitions(deleted)
              .failures(failures)
              .build();
        });
  }
}
