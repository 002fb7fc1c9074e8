// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.ListTagsForResourceRequest;
import dev.holdfast.aws.ecr.ListTagsForResourceResponse;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;

/** {@code ListTagsForResource} for repositories. */
public record ListTagsForResource(State state)
    implements Operation<ListTagsForResourceRequest, ListTagsForResourceResponse> {

  @Override
  public OperationModel<ListTagsForResourceRequest, ListTagsForResourceResponse> model() {
    return EcrModel.LIST_TAGS_FOR_RESOURCE;
  }

  @Override
  public Access access(Call call, ListTagsForResourceRequest in) {
    return Access.of("ecr:ListTagsForResource", EcrFault.target(call, in.resourceArn()).arn());
  }

  @Override
  public ListTagsForResourceResponse handle(Call call, ListTagsForResourceRequest in) {
    RepositoryId id = EcrFault.target(call, in.resourceArn());
    return state.read(
        view -> {
          EcrFault.require(view, id);
          return ListTagsForResourceResponse.builder()
              .tags(Wire.tags(Tags.of(view, id.account(), id.arn())))
              .build();
        });
  }
}
