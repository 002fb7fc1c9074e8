// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.DeleteLogStreamRequest;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.logs.model.LogStream;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Deletes a log stream with its events. */
public record DeleteLogStream(Needs needs) implements Operation<DeleteLogStreamRequest, Empty> {
  @Override
  public OperationModel<DeleteLogStreamRequest, Empty> model() {
    return LogsModel.DELETE_LOG_STREAM;
  }

  @Override
  public Access access(Call call, DeleteLogStreamRequest in) {
    return Access.of(
        Groups.demand(
            "logs:DeleteLogStream", Groups.named(call, in.logGroupName()), in.logStreamName()));
  }

  @Override
  public Empty handle(Call call, DeleteLogStreamRequest in) {
    LogStream gone =
        needs
            .state()
            .commit(
                call,
                tx -> {
                  LogGroup group = Groups.group(tx, call, Groups.named(call, in.logGroupName()));
                  LogStream stream = Groups.stream(tx, group, in.logStreamName());
                  LogTables.delete(tx, stream);
                  return stream;
                });
    needs.sweeper().removals();
    needs.usage().add(call.account(), call.region().name(), in.logGroupName(), -gone.bytes());
    return new Empty();
  }
}
