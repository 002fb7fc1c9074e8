// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.UntagResourceRequest;
import dev.holdfast.aws.ecs.UntagResourceResponse;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;

/** Removes tags by key. */
public final class UntagResource implements Operation<UntagResourceRequest, UntagResourceResponse> {
  private final State state;

  public UntagResource(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<UntagResourceRequest, UntagResourceResponse> model() {
    return EcsModel.UNTAG_RESOURCE;
  }

  @Override
  public Access access(Call call, UntagResourceRequest in) {
    return Access.of(
        Demand.on("ecs:UntagResource", TaggedResources.arn(call, in.resourceArn()))
            .tagKeys(in.tagKeys()));
  }

  @Override
  public UntagResourceResponse handle(Call call, UntagResourceRequest in) {
    Arn arn = TaggedResources.arn(call, in.resourceArn());
    return state.commit(
        call,
        tx -> {
          TaggedResources.require(tx, call, arn);
          Tags.remove(tx, call.account(), arn, in.tagKeys());
          return UntagResourceResponse.builder().build();
        });
  }
}
