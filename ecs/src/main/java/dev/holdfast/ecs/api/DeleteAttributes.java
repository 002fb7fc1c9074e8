// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.DeleteAttributesRequest;
import dev.holdfast.aws.ecs.DeleteAttributesResponse;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** Takes attributes away that were put on container instances. */
public final class DeleteAttributes
    implements Operation<DeleteAttributesRequest, DeleteAttributesResponse> {
  private final State state;

  public DeleteAttributes(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<DeleteAttributesRequest, DeleteAttributesResponse> model() {
    return EcsModel.DELETE_ATTRIBUTES;
  }

  @Override
  public Access access(Call call, DeleteAttributesRequest in) {
    return Attributes.access(call, "ecs:DeleteAttributes", in.cluster(), in.attributes());
  }

  @Override
  public DeleteAttributesResponse handle(Call call, DeleteAttributesRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    return state.commit(
        call,
        tx -> {
          Attributes.change(tx, cluster, in.attributes(), (custom, a) -> custom.remove(a.name()));
          return DeleteAttributesResponse.builder()
              .attributes(Attributes.answered(cluster, in.attributes()))
              .build();
        });
  }
}
