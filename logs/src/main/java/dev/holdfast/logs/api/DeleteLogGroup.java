// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.DeleteLogGroupRequest;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.logs.model.LogStream;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Tx;
import java.util.List;

/** Deletes a log group with all that is in it. */
public record DeleteLogGroup(Needs needs) implements Operation<DeleteLogGroupRequest, Empty> {
  @Override
  public OperationModel<DeleteLogGroupRequest, Empty> model() {
    return LogsModel.DELETE_LOG_GROUP;
  }

  private static final int PAGE = 500;

  @Override
  public Access access(Call call, DeleteLogGroupRequest in) {
    return Access.of(Groups.demand("logs:DeleteLogGroup", Groups.named(call, in.logGroupName())));
  }

  @Override
  public Empty handle(Call call, DeleteLogGroupRequest in) {
    Empty done =
        needs
            .state()
            .commit(
                call,
                tx -> {
                  LogGroup group = Groups.group(tx, call, Groups.named(call, in.logGroupName()));
                  streams(tx, group);
                  LogTables.delete(tx, group);
                  Tags.delete(tx, group.account(), group.arn());
                  return new Empty();
                });
    needs.sweeper().removals();
    needs.usage().gone(call.account(), call.region().name(), in.logGroupName());
    return done;
  }

  private static void streams(Tx tx, LogGroup group) {
    String after = null;
    List<LogStream> page;
    do {
      page = LogTables.streams(tx, group, after, PAGE);
      for (LogStream stream : page) {
        LogTables.delete(tx, stream);
        after = stream.name();
      }
    } while (page.size() == PAGE);
  }
}
