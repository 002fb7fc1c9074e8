// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.ListTagsLogGroupRequest;
import dev.holdfast.aws.logs.ListTagsLogGroupResponse;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import java.util.Map;

/** Lists a log group's tags; the older way. */
public record ListTagsLogGroup(Needs needs)
    implements Operation<ListTagsLogGroupRequest, ListTagsLogGroupResponse> {
  @Override
  public OperationModel<ListTagsLogGroupRequest, ListTagsLogGroupResponse> model() {
    return LogsModel.LIST_TAGS_LOG_GROUP;
  }

  @Override
  public Access access(Call call, ListTagsLogGroupRequest in) {
    return Access.of(Groups.demand("logs:ListTagsLogGroup", Groups.named(call, in.logGroupName())));
  }

  @Override
  public ListTagsLogGroupResponse handle(Call call, ListTagsLogGroupRequest in) {
    Map<String, String> tags =
        needs
            .state()
            .read(
                view -> {
                  LogGroup group = Groups.group(view, call, Groups.named(call, in.logGroupName()));
                  return Tags.of(view, group.account(), group.arn());
                });
    return ListTagsLogGroupResponse.builder().tags(tags).build();
  }
}
