// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.DeregisterContainerInstanceRequest;
import dev.holdfast.aws.ecs.DeregisterContainerInstanceResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import java.util.List;

/** Takes an instance out of its cluster. */
public final class DeregisterContainerInstance
    implements Operation<DeregisterContainerInstanceRequest, DeregisterContainerInstanceResponse> {
  private final State state;
  private final Tasks tasks;
  private final InstanceWire wire;

  public DeregisterContainerInstance(
      State state, Tasks tasks, Connections connections, LocalHost host) {
    this.state = state;
    this.tasks = tasks;
    this.wire = new InstanceWire(connections, host);
  }

  @Override
  public OperationModel<DeregisterContainerInstanceRequest, DeregisterContainerInstanceResponse>
      model() {
    return EcsModel.DEREGISTER_CONTAINER_INSTANCE;
  }

  @Override
  public Access access(Call call, DeregisterContainerInstanceRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    return Access.of(
        Demand.on("ecs:DeregisterContainerInstance", cluster.arn())
            .key("ecs:cluster", cluster.arn().toString()));
  }

  @Override
  public DeregisterContainerInstanceResponse handle(
      Call call, DeregisterContainerInstanceRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    var key = Names.instance(cluster, in.containerInstance());
    Names.require(cluster, key.clusterKey());
    return state.commit(
        call,
        tx -> {
          Names.active(tx, cluster);
          ContainerInstance row = tx.get(EcsTables.INSTANCES, key.account(), key);
          if (row == null || row.status() == ContainerInstance.Status.INACTIVE) {
            throw EcsError.INVALID_PARAMETER.because(
                "Referenced container instance %s not found.", key.id());
          }
          List<Task> running = Tasks.on(tx, key).stream().filter(Task::live).toList();
          if (!running.isEmpty() && !Boolean.TRUE.equals(in.force())) {
            throw EcsError.INVALID_PARAMETER.because("Found running tasks on the instance.");
          }
          for (Task task : running) {
            tasks.put(
                tx,
                task,
                TaskTransitions.stop(task, "Container instance deregistered", call.now()),
                call.now());
          }
          row = row.with(ContainerInstance.Status.INACTIVE);
          tx.put(EcsTables.INSTANCES, key.account(), key, row);
          wire.announce(tx, row, call.now());
          return DeregisterContainerInstanceResponse.builder()
              .containerInstance(wire.instance(tx, row, List.of()))
              .build();
        });
  }
}
