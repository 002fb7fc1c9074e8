// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.aws.logs.UntagLogGroupRequest;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;

/** Removes tags of a log group; the older way. */
public record UntagLogGroup(Needs needs) implements Operation<UntagLogGroupRequest, Empty> {
  @Override
  public OperationModel<UntagLogGroupRequest, Empty> model() {
    return LogsModel.UNTAG_LOG_GROUP;
  }

  @Override
  public Access access(Call call, UntagLogGroupRequest in) {
    return Access.of(
        Groups.demand("logs:UntagLogGroup", Groups.named(call, in.logGroupName()))
            .tagKeys(in.tags()));
  }

  @Override
  public Empty handle(Call call, UntagLogGroupRequest in) {
    return needs
        .state()
        .commit(
            call,
            tx -> {
              LogGroup group = Groups.group(tx, call, Groups.named(call, in.logGroupName()));
              Tags.remove(tx, group.account(), group.arn(), in.tags());
              return new Empty();
            });
  }
}
