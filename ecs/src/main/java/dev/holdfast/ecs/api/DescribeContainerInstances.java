// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.ContainerInstance;
import dev.holdfast.aws.ecs.DescribeContainerInstancesRequest;
import dev.holdfast.aws.ecs.DescribeContainerInstancesResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.Failure;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import java.util.ArrayList;
import java.util.List;

/** Describes container instances; unknown ones are failures, not errors. */
public final class DescribeContainerInstances
    implements Operation<DescribeContainerInstancesRequest, DescribeContainerInstancesResponse> {
  private final State state;
  private final InstanceWire wire;

  public DescribeContainerInstances(State state, Connections connections, LocalHost host) {
    this.state = state;
    this.wire = new InstanceWire(connections, host);
  }

  @Override
  public OperationModel<DescribeContainerInstancesRequest, DescribeContainerInstancesResponse>
      model() {
    return EcsModel.DESCRIBE_CONTAINER_INSTANCES;
  }

  @Override
  public Access access(Call call, DescribeContainerInstancesRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    return Names.each(
        Names.atMost(100, "Container instances", in.containerInstances()).stream()
            .map(
                text ->
                    Names.demand("ecs:DescribeContainerInstances", Names.instance(cluster, text)))
            .toList(),
        Demand.on("ecs:DescribeContainerInstances").key("ecs:cluster", cluster.arn().toString()));
  }

  @Override
  public DescribeContainerInstancesResponse handle(
      Call call, DescribeContainerInstancesRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    if (in.containerInstances().isEmpty()) {
      throw EcsError.INVALID_PARAMETER.because("Container instances cannot be empty.");
    }
    boolean withTags = in.include().contains("TAGS");
    return state.read(
        view -> {
          Names.active(view, cluster);
          var found = new ArrayList<ContainerInstance>();
          var failures = new ArrayList<Failure>();
          for (String text : in.containerInstances()) {
            var key = Names.instance(cluster, text);
            Names.require(cluster, key.clusterKey());
            var row = view.get(EcsTables.INSTANCES, key.account(), key);
            if (row == null) {
              failures.add(Wire.missing(key.arn()));
            } else {
              found.add(
                  wire.instance(
                      view, row, withTags ? TagRequests.of(view, call, key.arn()) : List.of()));
            }
          }
          return DescribeContainerInstancesResponse.builder()
              .containerInstances(found)
              .failures(failures)
              .build();
        });
  }
}
