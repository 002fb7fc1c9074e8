// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.DeleteClusterRequest;
import dev.holdfast.aws.ecs.DeleteClusterResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import java.util.List;

/** Removes a cluster without tasks; the local host leaves it by itself. */
public final class DeleteCluster implements Operation<DeleteClusterRequest, DeleteClusterResponse> {
  private final State state;

  public DeleteCluster(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<DeleteClusterRequest, DeleteClusterResponse> model() {
    return EcsModel.DELETE_CLUSTER;
  }

  @Override
  public Access access(Call call, DeleteClusterRequest in) {
    return Access.of("ecs:DeleteCluster", Names.cluster(call, in.cluster()).arn());
  }

  @Override
  public DeleteClusterResponse handle(Call call, DeleteClusterRequest in) {
    Cluster.Key key = Names.cluster(call, in.cluster());
    return state.commit(
        call,
        tx -> {
          Cluster row = Names.active(tx, key);
          if (Services.active(tx, key) > 0) {
            throw EcsError.CLUSTER_CONTAINS_SERVICES.because(
                "The Cluster cannot be deleted while Services are active.");
          }
          List<Task> tasks =
              tx.list(EcsTables.TASKS, key.account(), key.region().name(), key.name());
          if (tasks.stream().anyMatch(Task::live)) {
            throw EcsError.CLUSTER_CONTAINS_TASKS.because(
                "The Cluster cannot be deleted while Tasks are active.");
          }
          for (ContainerInstance instance :
              tx.list(EcsTables.INSTANCES, key.account(), key.region().name(), key.name())) {
            if (!instance.offered() && instance.status() != ContainerInstance.Status.INACTIVE) {
              throw EcsError.CLUSTER_CONTAINS_CONTAINER_INSTANCES.because(
                  "The Cluster cannot be deleted while Container Instances are active or draining.");
            }
            tx.put(
                EcsTables.INSTANCES,
                key.account(),
                instance.key(),
                instance.with(ContainerInstance.Status.INACTIVE));
          }
          Cluster gone = row.with(Cluster.Status.INACTIVE);
          tx.put(EcsTables.CLUSTERS, key.account(), key, gone);
          var tags = TagRequests.of(tx, call, key.arn());
          Tags.delete(tx, key.account(), key.arn());
          return DeleteClusterResponse.builder().cluster(Wire.cluster(tx, gone, tags)).build();
        });
  }
}
