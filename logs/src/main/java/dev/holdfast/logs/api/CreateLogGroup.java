// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.CreateLogGroupRequest;
import dev.holdfast.aws.logs.LogsError;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;

/** Makes a log group. */
public record CreateLogGroup(Needs needs) implements Operation<CreateLogGroupRequest, Empty> {
  @Override
  public OperationModel<CreateLogGroupRequest, Empty> model() {
    return LogsModel.CREATE_LOG_GROUP;
  }

  private static final String STANDARD = "STANDARD";

  @Override
  public Access access(Call call, CreateLogGroupRequest in) {
    Groups.Named group = Groups.named(call, in.logGroupName());
    Demand create = Groups.demand("logs:CreateLogGroup", group).made(in.tags());
    return in.tags().isEmpty()
        ? Access.of(create)
        : Access.of(create, Demand.on("logs:TagResource", group.arn()).made(in.tags()));
  }

  @Override
  public Empty handle(Call call, CreateLogGroupRequest in) {
    requireServed(in);
    Wire.requireTags(in.tags());
    String logClass = in.logGroupClass();
    var group =
        new LogGroup(
            call.account(),
            call.region(),
            in.logGroupName(),
            call.now(),
            null,
            logClass == null ? STANDARD : logClass);
    int most = needs.keeper().limits().groups();
    // Outside the commit: a limit need not be exact, and others go on meanwhile.
    int there =
        needs
            .state()
            .read(view -> LogTables.groups(view, call.account(), call.region(), null, most).size());
    return needs
        .state()
        .commit(
            call,
            tx -> {
              if (LogTables.group(tx, group.account(), group.region(), group.name()) != null) {
                throw LogsError.RESOURCE_ALREADY_EXISTS.because(
                    "The specified log group already exists");
              }
              if (there >= most) {
                throw LogsError.LIMIT_EXCEEDED.because(
                    "Resource limit exceeded: an account has at most %d log groups in a region",
                    most);
              }
              LogTables.put(tx, group);
              Tags.add(tx, group.account(), group.arn(), in.tags());
              return new Empty();
            });
  }

  private static void requireServed(CreateLogGroupRequest in) {
    if (in.kmsKeyId() != null) {
      throw Wire.invalid(
          "`kmsKeyId` is not served: every log is encrypted under the platform's own keys already;"
              + " leave it out");
    }
    if (Boolean.TRUE.equals(in.deletionProtectionEnabled())) {
      throw Wire.invalid(
          "`deletionProtectionEnabled` is not served: deny logs:DeleteLogGroup in a policy instead");
    }
    if ("DELIVERY".equals(in.logGroupClass())) {
      throw Wire.invalid("the log group class DELIVERY is not served: use STANDARD");
    }
  }
}
