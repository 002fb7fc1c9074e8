// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.UpdateClusterSettingsRequest;
import dev.holdfast.aws.ecs.UpdateClusterSettingsResponse;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** Changes the settings of a cluster. */
public final class UpdateClusterSettings
    implements Operation<UpdateClusterSettingsRequest, UpdateClusterSettingsResponse> {
  private final State state;

  public UpdateClusterSettings(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<UpdateClusterSettingsRequest, UpdateClusterSettingsResponse> model() {
    return EcsModel.UPDATE_CLUSTER_SETTINGS;
  }

  @Override
  public Access access(Call call, UpdateClusterSettingsRequest in) {
    return Access.of("ecs:UpdateClusterSettings", Names.cluster(call, in.cluster()).arn());
  }

  @Override
  public UpdateClusterSettingsResponse handle(Call call, UpdateClusterSettingsRequest in) {
    Cluster.Key key = Names.cluster(call, in.cluster());
    if (in.settings().isEmpty()) {
      throw EcsError.INVALID_PARAMETER.because("settings can not be empty.");
    }
    return state.commit(
        call,
        tx -> {
          Cluster row = Names.active(tx, key);
          Cluster next = row.with(ClusterSettings.merged(row.settings(), in.settings()));
          tx.put(EcsTables.CLUSTERS, key.account(), key, next);
          return UpdateClusterSettingsResponse.builder()
              .cluster(Wire.cluster(tx, next, TagRequests.of(tx, call, key.arn())))
              .build();
        });
  }
}
