// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.DeleteCapacityProviderRequest;
import dev.holdfast.aws.ecs.DeleteCapacityProviderResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.ecs.model.CapacityProvider;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;

/** Removes a capacity provider that no cluster has. */
public final class DeleteCapacityProvider
    implements Operation<DeleteCapacityProviderRequest, DeleteCapacityProviderResponse> {
  private final State state;

  public DeleteCapacityProvider(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<DeleteCapacityProviderRequest, DeleteCapacityProviderResponse> model() {
    return EcsModel.DELETE_CAPACITY_PROVIDER;
  }

  @Override
  public Access access(Call call, DeleteCapacityProviderRequest in) {
    return Access.of(
        "ecs:DeleteCapacityProvider", Providers.key(call, in.capacityProvider()).arn());
  }

  @Override
  public DeleteCapacityProviderResponse handle(Call call, DeleteCapacityProviderRequest in) {
    CapacityProvider.Key key = Providers.key(call, in.capacityProvider());
    if (in.cluster() != null) {
      throw EcsError.INVALID_PARAMETER.because(
          "`cluster` is for capacity providers of Managed Instances, which are not served; leave it"
              + " out");
    }
    if (Providers.builtIn(key)) {
      throw EcsError.CLIENT.because(
          "The capacity provider %s is built in and cannot be deleted.", key.name());
    }
    return state.commit(
        call,
        tx -> {
          CapacityProvider row = Providers.required(tx, key);
          for (Cluster cluster : tx.list(EcsTables.CLUSTERS, key.account(), key.region().name())) {
            if (cluster.status() == Cluster.Status.ACTIVE
                && cluster.capacityProviders().contains(key.name())) {
              throw EcsError.CLIENT.because(
                  "The capacity provider cannot be deleted because it is associated with cluster: %s."
                      + " Remove the capacity provider from the cluster and try again.",
                  cluster.key().name());
            }
          }
          var tags = TagRequests.of(tx, call, key.arn());
          tx.delete(EcsTables.CAPACITY_PROVIDERS, key.account(), key);
          Tags.delete(tx, key.account(), key.arn());
          return DeleteCapacityProviderResponse.builder()
              .capacityProvider(Providers.shape(row, "INACTIVE", tags))
              .build();
        });
  }
}
