// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.DescribeTaskDefinitionRequest;
import dev.holdfast.aws.ecs.DescribeTaskDefinitionResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** Describes a revision, or a family's newest active one. */
public final class DescribeTaskDefinition
    implements Operation<DescribeTaskDefinitionRequest, DescribeTaskDefinitionResponse> {
  private final State state;

  public DescribeTaskDefinition(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<DescribeTaskDefinitionRequest, DescribeTaskDefinitionResponse> model() {
    return EcsModel.DESCRIBE_TASK_DEFINITION;
  }

  @Override
  public Access access(Call call, DescribeTaskDefinitionRequest in) {
    return Names.own(
        call, "ecs:DescribeTaskDefinition", Names.definition(call, in.taskDefinition()));
  }

  @Override
  public DescribeTaskDefinitionResponse handle(Call call, DescribeTaskDefinitionRequest in) {
    var name = Names.definition(call, in.taskDefinition());
    return state.read(
        view -> {
          TaskDefinition definition =
              Names.find(view, name)
                  .filter(d -> d.key().account().equals(call.account()))
                  .orElseThrow(
                      () -> EcsError.CLIENT.because("Unable to describe task definition."));
          var builder =
              DescribeTaskDefinitionResponse.builder().taskDefinition(Wire.definition(definition));
          if (in.include().contains("TAGS")) {
            builder.tags(TagRequests.of(view, call, definition.key().arn()));
          }
          return builder.build();
        });
  }
}
