// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.PutAttributesRequest;
import dev.holdfast.aws.ecs.PutAttributesResponse;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** Puts attributes on container instances, beside those that their agents told. */
public final class PutAttributes implements Operation<PutAttributesRequest, PutAttributesResponse> {
  private final State state;

  public PutAttributes(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<PutAttributesRequest, PutAttributesResponse> model() {
    return EcsModel.PUT_ATTRIBUTES;
  }

  @Override
  public Access access(Call call, PutAttributesRequest in) {
    return Attributes.access(call, "ecs:PutAttributes", in.cluster(), in.attributes());
  }

  @Override
  public PutAttributesResponse handle(Call call, PutAttributesRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    return state.commit(
        call,
        tx -> {
          Attributes.change(
              tx,
              cluster,
              in.attributes(),
              (custom, a) -> custom.put(a.name(), a.value() == null ? "" : a.value()));
          return PutAttributesResponse.builder()
              .attributes(Attributes.answered(cluster, in.attributes()))
              .build();
        });
  }
}
