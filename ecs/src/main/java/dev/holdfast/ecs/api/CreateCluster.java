// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.CreateClusterRequest;
import dev.holdfast.aws.ecs.CreateClusterResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import java.util.List;

/** Makes a cluster; one of the same name is answered as it is. */
public final class CreateCluster implements Operation<CreateClusterRequest, CreateClusterResponse> {
  private final State state;

  public CreateCluster(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<CreateClusterRequest, CreateClusterResponse> model() {
    return EcsModel.CREATE_CLUSTER;
  }

  @Override
  public Access access(Call call, CreateClusterRequest in) {
    var arn = Names.cluster(call, in.clusterName()).arn();
    return TagRequests.creating(
        Access.of(Demand.on("ecs:CreateCluster", arn).requestTags(TagRequests.map(in.tags()))),
        "CreateCluster",
        arn,
        in.tags());
  }

  @Override
  public CreateClusterResponse handle(Call call, CreateClusterRequest in) {
    Cluster.Key key = Names.cluster(call, in.clusterName());
    if (!key.name().matches("[a-zA-Z0-9_-]{1,255}")) {
      throw EcsError.INVALID_PARAMETER.because("Cluster name contains invalid characters.");
    }
    if (!in.capacityProviders().isEmpty() || !in.defaultCapacityProviderStrategy().isEmpty()) {
      throw EcsError.INVALID_PARAMETER.because("`capacityProviders` come later; leave them out");
    }
    if (in.configuration() != null || in.serviceConnectDefaults() != null) {
      throw EcsError.INVALID_PARAMETER.because(
          "`configuration` and `serviceConnectDefaults` are not served; leave them out");
    }
    var tags = TagRequests.checked(in.tags());
    List<Cluster.Setting> settings =
        in.settings().stream().map(s -> new Cluster.Setting(s.name(), s.value())).toList();
    return state.commit(
        call,
        tx -> {
          Cluster row = tx.get(EcsTables.CLUSTERS, key.account(), key);
          if (row == null || row.status() == Cluster.Status.INACTIVE) {
            row = new Cluster(key, Cluster.Status.ACTIVE, call.now(), settings);
            tx.put(EcsTables.CLUSTERS, key.account(), key, row);
            Tags.add(tx, key.account(), key.arn(), tags);
          }
          return CreateClusterResponse.builder()
              .cluster(Wire.cluster(tx, row, TagRequests.of(tx, call, key.arn())))
              .build();
        });
  }
}
