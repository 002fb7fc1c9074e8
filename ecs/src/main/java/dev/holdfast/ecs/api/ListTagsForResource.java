// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListTagsForResourceRequest;
import dev.holdfast.aws.ecs.ListTagsForResourceResponse;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** Lists the tags of a resource. */
public final class ListTagsForResource
    implements Operation<ListTagsForResourceRequest, ListTagsForResourceResponse> {
  private final State state;

  public ListTagsForResource(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<ListTagsForResourceRequest, ListTagsForResourceResponse> model() {
    return EcsModel.LIST_TAGS_FOR_RESOURCE;
  }

  @Override
  public Access access(Call call, ListTagsForResourceRequest in) {
    return Access.of("ecs:ListTagsForResource", TaggedResources.arn(call, in.resourceArn()));
  }

  @Override
  public ListTagsForResourceResponse handle(Call call, ListTagsForResourceRequest in) {
    Arn arn = TaggedResources.arn(call, in.resourceArn());
    return state.read(
        view -> {
          TaggedResources.require(view, call, arn);
          return ListTagsForResourceResponse.builder()
              .tags(TagRequests.of(view, call, arn))
              .build();
        });
  }
}
