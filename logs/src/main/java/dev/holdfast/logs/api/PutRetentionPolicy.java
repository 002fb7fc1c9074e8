// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.aws.logs.PutRetentionPolicyRequest;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.List;

/** Sets how long a group keeps its events. */
public record PutRetentionPolicy(Needs needs)
    implements Operation<PutRetentionPolicyRequest, Empty> {
  @Override
  public OperationModel<PutRetentionPolicyRequest, Empty> model() {
    return LogsModel.PUT_RETENTION_POLICY;
  }

  private static final List<Integer> DAYS =
      List.of(
          1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,
          2922, 3288, 3653);

  @Override
  public Access access(Call call, PutRetentionPolicyRequest in) {
    return Access.of(
        Groups.demand("logs:PutRetentionPolicy", Groups.named(call, in.logGroupName())));
  }

  @Override
  public Empty handle(Call call, PutRetentionPolicyRequest in) {
    if (!DAYS.contains(in.retentionInDays())) {
      throw Wire.invalid(
          "1 validation error detected: Value '"
              + in.retentionInDays()
              + "' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum"
              + " value set: "
              + DAYS);
    }
    return needs
        .state()
        .commit(
            call,
            tx -> {
              LogTables.put(
                  tx,
                  Groups.group(tx, call, Groups.named(call, in.logGroupName()))
                      .keeping(in.retentionInDays()));
              return new Empty();
            });
  }
}
