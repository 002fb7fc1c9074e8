// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.DescribeTasksRequest;
import dev.holdfast.aws.ecs.DescribeTasksResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.Failure;
import dev.holdfast.aws.ecs.Task;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import java.util.ArrayList;

/** Describes tasks; unknown ones are failures, not errors. */
public final class DescribeTasks implements Operation<DescribeTasksRequest, DescribeTasksResponse> {
  private final State state;

  public DescribeTasks(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<DescribeTasksRequest, DescribeTasksResponse> model() {
    return EcsModel.DESCRIBE_TASKS;
  }

  @Override
  public Access access(Call call, DescribeTasksRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    return Names.each(
        Names.atMost(100, "Tasks", in.tasks()).stream()
            .map(text -> Names.demand("ecs:DescribeTasks", Names.task(cluster, text)))
            .toList(),
        Demand.on("ecs:DescribeTasks").key("ecs:cluster", cluster.arn().toString()));
  }

  @Override
  public DescribeTasksResponse handle(Call call, DescribeTasksRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    if (in.tasks().isEmpty()) {
      throw EcsError.INVALID_PARAMETER.because("Tasks cannot be empty.");
    }
    boolean withTags = in.include().contains("TAGS");
    return state.read(
        view -> {
          Names.active(view, cluster);
          var found = new ArrayList<Task>();
          var failures = new ArrayList<Failure>();
          for (String text : in.tasks()) {
            var key = Names.task(cluster, text);
            Names.require(cluster, key.clusterKey());
            var task = view.get(EcsTables.TASKS, key.account(), key);
            if (task == null) {
              failures.add(Wire.missing(key.arn()));
            } else {
              Task shape = Wire.task(view, task);
              found.add(
                  withTags
                      ? shape.toBuilder().tags(TagRequests.of(view, call, key.arn())).build()
                      : shape);
            }
          }
          return DescribeTasksResponse.builder().tasks(found).failures(failures).build();
        });
  }
}
