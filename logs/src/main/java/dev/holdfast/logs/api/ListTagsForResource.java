// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.ListTagsForResourceRequest;
import dev.holdfast.aws.logs.ListTagsForResourceResponse;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import java.util.Map;

/** Lists a log group's tags. */
public record ListTagsForResource(Needs needs)
    implements Operation<ListTagsForResourceRequest, ListTagsForResourceResponse> {
  @Override
  public OperationModel<ListTagsForResourceRequest, ListTagsForResourceResponse> model() {
    return LogsModel.LIST_TAGS_FOR_RESOURCE;
  }

  @Override
  public Access access(Call call, ListTagsForResourceRequest in) {
    return Access.of(Demand.on("logs:ListTagsForResource", Groups.ofArn(in.resourceArn()).arn()));
  }

  @Override
  public ListTagsForResourceResponse handle(Call call, ListTagsForResourceRequest in) {
    Map<String, String> tags =
        needs
            .state()
            .read(
                view -> {
                  LogGroup group = Groups.group(view, call, Groups.ofArn(in.resourceArn()));
                  return Tags.of(view, group.account(), group.arn());
                });
    return ListTagsForResourceResponse.builder().tags(tags).build();
  }
}
