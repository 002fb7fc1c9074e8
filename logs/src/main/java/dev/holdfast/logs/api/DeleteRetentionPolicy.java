// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.DeleteRetentionPolicyRequest;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Lets a group keep its events for ever. */
public record DeleteRetentionPolicy(Needs needs)
    implements Operation<DeleteRetentionPolicyRequest, Empty> {
  @Override
  public OperationModel<DeleteRetentionPolicyRequest, Empty> model() {
    return LogsModel.DELETE_RETENTION_POLICY;
  }

  @Override
  public Access access(Call call, DeleteRetentionPolicyRequest in) {
    return Access.of(
        Groups.demand("logs:DeleteRetentionPolicy", Groups.named(call, in.logGroupName())));
  }

  @Override
  public Empty handle(Call call, DeleteRetentionPolicyRequest in) {
    return needs
        .state()
        .commit(
            call,
            tx -> {
              LogTables.put(
                  tx, Groups.group(tx, call, Groups.named(call, in.logGroupName())).keeping(null));
              return new Empty();
            });
  }
}
