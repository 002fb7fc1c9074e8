// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.StopTaskRequest;
import dev.holdfast.aws.ecs.StopTaskResponse;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** Wants a task stopped; the agent stops it gracefully. */
public final class StopTask implements Operation<StopTaskRequest, StopTaskResponse> {
  private static final int LONGEST_REASON = 255;

  private final State state;
  private final Tasks tasks;

  public StopTask(State state, Tasks tasks) {
    this.state = state;
    this.tasks = tasks;
  }

  @Override
  public OperationModel<StopTaskRequest, StopTaskResponse> model() {
    return EcsModel.STOP_TASK;
  }

  @Override
  public Access access(Call call, StopTaskRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    return Access.of(Names.demand("ecs:StopTask", Names.task(cluster, in.task())));
  }

  @Override
  public StopTaskResponse handle(Call call, StopTaskRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    Task.Key key = Names.task(cluster, in.task());
    Names.require(cluster, key.clusterKey());
    if (in.reason() != null && in.reason().length() > LONGEST_REASON) {
      throw EcsError.INVALID_PARAMETER.because(
          "reason must be at most %d characters long", LONGEST_REASON);
    }
    return state.commit(
        call,
        tx -> {
          Names.active(tx, cluster);
          Task task = tx.get(EcsTables.TASKS, key.account(), key);
          if (task == null) {
            throw EcsError.INVALID_PARAMETER.because("The referenced task was not found.");
          }
          Task stopping = TaskTransitions.stop(task, in.reason(), call.now());
          tasks.put(tx, task, stopping, call.now());
          return StopTaskResponse.builder()
              .task(
                  Wire.task(tx, stopping).toBuilder()
                      .tags(TagRequests.of(tx, call, key.arn()))
                      .build())
              .build();
        });
  }
}
