// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.CreateLogStreamRequest;
import dev.holdfast.aws.logs.LogsError;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.kit.Ids;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.logs.model.LogStream;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Makes a log stream. */
public record CreateLogStream(Needs needs) implements Operation<CreateLogStreamRequest, Empty> {
  @Override
  public OperationModel<CreateLogStreamRequest, Empty> model() {
    return LogsModel.CREATE_LOG_STREAM;
  }

  @Override
  public Access access(Call call, CreateLogStreamRequest in) {
    return Access.of(
        Groups.demand(
            "logs:CreateLogStream", Groups.named(call, in.logGroupName()), in.logStreamName()));
  }

  @Override
  public Empty handle(Call call, CreateLogStreamRequest in) {
    Groups.Named named = Groups.named(call, in.logGroupName());
    String id = Ids.hex(needs.random(), 8);
    int most = needs.keeper().limits().streams();
    // Outside the commit: each event that is put changes a stream of the group.
    int there =
        needs
            .state()
            .read(
                view -> {
                  LogGroup group =
                      LogTables.group(view, named.account(), named.region(), named.name());
                  return group == null ? 0 : LogTables.streams(view, group, null, most).size();
                });
    return needs
        .state()
        .commit(
            call,
            tx -> {
              LogGroup group = Groups.group(tx, call, named);
              if (LogTables.stream(
                      tx, group.account(), group.region(), group.name(), in.logStreamName())
                  != null) {
                throw LogsError.RESOURCE_ALREADY_EXISTS.because(
                    "The specified log stream already exists");
              }
              if (there >= most) {
                throw Wire.invalid(
                    "a log group has at most "
                        + most
                        + " log streams: delete some, or set a retention, with which empty ones go");
              }
              LogTables.put(tx, LogStream.fresh(group, in.logStreamName(), id, call.now()));
              return new Empty();
            });
  }
}
