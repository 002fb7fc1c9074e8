// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.UpdateClusterRequest;
import dev.holdfast.aws.ecs.UpdateClusterResponse;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** Changes a cluster. */
public final class UpdateCluster implements Operation<UpdateClusterRequest, UpdateClusterResponse> {
  private final State state;

  public UpdateCluster(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<UpdateClusterRequest, UpdateClusterResponse> model() {
    return EcsModel.UPDATE_CLUSTER;
  }

  @Override
  public Access access(Call call, UpdateClusterRequest in) {
    return Access.of(
        CreateCluster.storage(
            Demand.on("ecs:UpdateCluster", Names.cluster(call, in.cluster()).arn()),
            in.configuration()));
  }

  @Override
  public UpdateClusterResponse handle(Call call, UpdateClusterRequest in) {
    Cluster.Key key = Names.cluster(call, in.cluster());
    JsonObject configuration =
        in.configuration() == null ? null : CreateCluster.configuration(in.configuration());
    return state.commit(
        call,
        tx -> {
          Cluster row = Names.active(tx, key);
          Cluster next =
              row.with(ClusterSettings.merged(row.settings(), in.settings()))
                  .configured(
                      configuration == null ? row.configuration() : configuration,
                      in.serviceConnectDefaults() == null
                          ? row.namespace()
                          : CreateCluster.namespace(in.serviceConnectDefaults()));
          tx.put(EcsTables.CLUSTERS, key.account(), key, next);
          return UpdateClusterResponse.builder()
              .cluster(
                  Wire.configured(
                      Wire.cluster(tx, next, TagRequests.of(tx, call, key.arn())), next))
              .build();
        });
  }
}
