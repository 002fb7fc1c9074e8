// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UpdateAccessKeyRequest;
import dev.holdfast.iam.control.AccessKeys;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** UpdateAccessKey. */
public record UpdateAccessKey(IamState iam) implements Operation<UpdateAccessKeyRequest, Empty> {
  @Override
  public OperationModel<UpdateAccessKeyRequest, Empty> model() {
    return IamModel.UPDATE_ACCESS_KEY;
  }

  @Override
  public Access access(Call call, UpdateAccessKeyRequest in) {
    return Access.of(
        iam.on(call, "UpdateAccessKey", EntityKind.USER, IamState.userName(call, in.userName())));
  }

  @Override
  public Empty handle(Call call, UpdateAccessKeyRequest in) {
    String name = IamState.userName(call, in.userName());
    return iam.state()
        .commit(
            call,
            tx -> {
              var user = Directory.user(tx, call.account(), name);
              var key = AccessKeys.find(tx, call.account(), user, in.accessKeyId());
              boolean active = in.status().equals("Active");
              AccessKeys.put(tx, key.with(active));
              if (!active) {
                AccessKeys.endSessions(tx, key, iam.clock().instant());
              }
              return new Empty();
            });
  }
}
