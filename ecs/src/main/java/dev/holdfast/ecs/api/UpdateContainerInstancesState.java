// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.Failure;
import dev.holdfast.aws.ecs.UpdateContainerInstancesStateRequest;
import dev.holdfast.aws.ecs.UpdateContainerInstancesStateResponse;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
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

/** Lets instances take new tasks (ACTIVE) or not (DRAINING). */
public final class UpdateContainerInstancesState
    implements Operation<
        UpdateContainerInstancesStateRequest, UpdateContainerInstancesStateResponse> {
  private final State state;
  private final InstanceWire wire;

  public UpdateContainerInstancesState(State state, Connections connections, LocalHost host) {
    this.state = state;
    this.wire = new InstanceWire(connections, host);
  }

  @Override
  public OperationModel<UpdateContainerInstancesStateRequest, UpdateContainerInstancesStateResponse>
      model() {
    return EcsModel.UPDATE_CONTAINER_INSTANCES_STATE;
  }

  @Override
  public Access access(Call call, UpdateContainerInstancesStateRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    return Names.each(
        Names.atMost(10, "Container instances", in.containerInstances()).stream()
            .map(
                text ->
                    Names.demand(
                        "ecs:UpdateContainerInstancesState", Names.instance(cluster, text)))
            .toList(),
        Demand.on("ecs:UpdateContainerInstancesState")
            .key("ecs:cluster", cluster.arn().toString()));
  }

  @Override
  public UpdateContainerInstancesStateResponse handle(
      Call call, UpdateContainerInstancesStateRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    if (!in.status().equals("ACTIVE") && !in.status().equals("DRAINING")) {
      throw EcsError.INVALID_PARAMETER.because(
          "Container instance status should be one of [ACTIVE,DRAINING]");
    }
    var status = ContainerInstance.Status.valueOf(in.status());
    return state.commit(
        call,
        tx -> {
          Names.active(tx, cluster);
          var changed = new ArrayList<dev.holdfast.aws.ecs.ContainerInstance>();
          var failures = new ArrayList<Failure>();
          for (String text : in.containerInstances()) {
            var key = Names.instance(cluster, text);
            Names.require(cluster, key.clusterKey());
            ContainerInstance row = tx.get(EcsTables.INSTANCES, key.account(), key);
            if (row == null || row.status() == ContainerInstance.Status.INACTIVE) {
              failures.add(Wire.missing(key.arn()));
            } else {
              row = row.with(status);
              tx.put(EcsTables.INSTANCES, key.account(), key, row);
              wire.announce(tx, row, call.now());
              changed.add(wire.instance(tx, row, List.of()));
            }
          }
          return UpdateContainerInstancesStateResponse.builder()
              .containerInstances(changed)
              .failures(failures)
              .build();
        });
  }
}
