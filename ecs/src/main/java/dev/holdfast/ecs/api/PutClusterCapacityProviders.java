// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.PutClusterCapacityProvidersRequest;
import dev.holdfast.aws.ecs.PutClusterCapacityProvidersResponse;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import java.util.List;

/** Associates capacity providers with a cluster, and says which are its default. */
public final class PutClusterCapacityProviders
    implements Operation<PutClusterCapacityProvidersRequest, PutClusterCapacityProvidersResponse> {
  private final State state;

  public PutClusterCapacityProviders(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<PutClusterCapacityProvidersRequest, PutClusterCapacityProvidersResponse>
      model() {
    return EcsModel.PUT_CLUSTER_CAPACITY_PROVIDERS;
  }

  @Override
  public Access access(Call call, PutClusterCapacityProvidersRequest in) {
    return Access.of(
        Demand.on("ecs:PutClusterCapacityProviders", Names.cluster(call, in.cluster()).arn())
            .keys(
                "ecs:capacity-provider",
                in.capacityProviders().stream()
                    .map(n -> Providers.key(call, n).arn().toString())
                    .toList()));
  }

  @Override
  public PutClusterCapacityProvidersResponse handle(
      Call call, PutClusterCapacityProvidersRequest in) {
    Cluster.Key key = Names.cluster(call, in.cluster());
    List<String> names =
        in.capacityProviders().stream().map(n -> Providers.key(call, n).name()).toList();
    List<Cluster.StrategyItem> strategy = StrategyWire.items(in.defaultCapacityProviderStrategy());
    return state.commit(
        call,
        tx -> {
          Cluster row = Names.active(tx, key);
          Providers.check(tx, call, names, strategy);
          for (Task task :
              tx.list(EcsTables.TASKS, key.account(), key.region().name(), key.name())) {
            Task.Ground ground = task.launch().ground();
            String used = ground == null ? null : ground.capacityProvider();
            if (task.live() && used != null && !names.contains(used)) {
              throw EcsError.RESOURCE_IN_USE.because(
                  "The specified capacity provider is in use and cannot be removed.");
            }
          }
          Cluster next = row.with(names, strategy);
          tx.put(EcsTables.CLUSTERS, key.account(), key, next);
          return PutClusterCapacityProvidersResponse.builder()
              .cluster(Wire.cluster(tx, next, TagRequests.of(tx, call, key.arn())))
              .build();
        });
  }
}
