// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.TagResourceRequest;
import dev.holdfast.aws.ecs.TagResourceResponse;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import java.util.HashMap;

/** Sets tags of a cluster, service, task definition, task or container instance. */
public final class TagResource implements Operation<TagResourceRequest, TagResourceResponse> {
  private final State state;

  public TagResource(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<TagResourceRequest, TagResourceResponse> model() {
    return EcsModel.TAG_RESOURCE;
  }

  @Override
  public Access access(Call call, TagResourceRequest in) {
    return Access.of(
        Demand.on("ecs:TagResource", TaggedResources.arn(call, in.resourceArn()))
            .requestTags(TagRequests.map(in.tags())));
  }

  @Override
  public TagResourceResponse handle(Call call, TagResourceRequest in) {
    Arn arn = TaggedResources.arn(call, in.resourceArn());
    var tags = TagRequests.checked(in.tags());
    return state.commit(
        call,
        tx -> {
          TaggedResources.require(tx, call, arn);
          var all = new HashMap<>(Tags.of(tx, call.account(), arn));
          all.putAll(tags);
          if (all.size() > Tags.MAX) {
            throw EcsError.INVALID_PARAMETER.because("a resource has at most %d tags", Tags.MAX);
          }
          Tags.add(tx, call.account(), arn, tags);
          return TagResourceResponse.builder().build();
        });
  }
}
