// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.aws.logs.TagLogGroupRequest;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;

/** Sets tags of a log group; the older way. */
public record TagLogGroup(Needs needs) implements Operation<TagLogGroupRequest, Empty> {
  @Override
  public OperationModel<TagLogGroupRequest, Empty> model() {
    return LogsModel.TAG_LOG_GROUP;
  }

  @Override
  public Access access(Call call, TagLogGroupRequest in) {
    return Access.of(
        Groups.demand("logs:TagLogGroup", Groups.named(call, in.logGroupName()))
            .requestTags(in.tags()));
  }

  @Override
  public Empty handle(Call call, TagLogGroupRequest in) {
    Wire.requireTags(in.tags());
    return needs
        .state()
        .commit(
            call,
            tx -> {
              LogGroup group = Groups.group(tx, call, Groups.named(call, in.logGroupName()));
              Tags.add(tx, group.account(), group.arn(), in.tags());
              if (Tags.of(tx, group.account(), group.arn()).size() > Tags.MAX) {
                throw Wire.invalid("a log group has at most " + Tags.MAX + " tags");
              }
              return new Empty();
            });
  }
}
