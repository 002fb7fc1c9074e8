// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.UpdateCapacityProviderRequest;
import dev.holdfast.aws.ecs.UpdateCapacityProviderResponse;
import dev.holdfast.ecs.model.CapacityProvider;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** Changes what a capacity provider says of its group. */
public final class UpdateCapacityProvider
    implements Operation<UpdateCapacityProviderRequest, UpdateCapacityProviderResponse> {
  private final State state;

  public UpdateCapacityProvider(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<UpdateCapacityProviderRequest, UpdateCapacityProviderResponse> model() {
    return EcsModel.UPDATE_CAPACITY_PROVIDER;
  }

  @Override
  public Access access(Call call, UpdateCapacityProviderRequest in) {
    return Access.of("ecs:UpdateCapacityProvider", Providers.key(call, in.name()).arn());
  }

  @Override
  public UpdateCapacityProviderResponse handle(Call call, UpdateCapacityProviderRequest in) {
    CapacityProvider.Key key = Providers.key(call, in.name());
    if (in.managedInstancesProvider() != null || in.cluster() != null) {
      throw EcsError.INVALID_PARAMETER.because(
          "`managedInstancesProvider` and its `cluster` are not served: nobody manages machines"
              + " here");
    }
    var update = in.autoScalingGroupProvider();
    if (update == null) {
      throw EcsError.INVALID_PARAMETER.because("autoScalingGroupProvider is needed.");
    }
    return state.commit(
        call,
        tx -> {
          CapacityProvider row =
              Providers.required(tx, key)
                  .updated(
                      Providers.merged(Providers.required(tx, key).provider(), Wire.json(update)));
          tx.put(EcsTables.CAPACITY_PROVIDERS, key.account(), key, row);
          return UpdateCapacityProviderResponse.builder()
              .capacityProvider(Providers.shape(row, "ACTIVE", TagRequests.of(tx, call, key.arn())))
              .build();
        });
  }
}
