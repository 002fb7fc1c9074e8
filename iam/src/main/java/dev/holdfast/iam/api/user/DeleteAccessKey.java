// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeleteAccessKeyRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.AccessKeys;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeleteAccessKey. */
public record DeleteAccessKey(IamState iam) implements Operation<DeleteAccessKeyRequest, Empty> {
  @Override
  public OperationModel<DeleteAccessKeyRequest, Empty> model() {
    return IamModel.DELETE_ACCESS_KEY;
  }

  @Override
  public Access access(Call call, DeleteAccessKeyRequest in) {
    return Access.of(
        iam.on(call, "DeleteAccessKey", EntityKind.USER, IamState.userName(call, in.userName())));
  }

  @Override
  public Empty handle(Call call, DeleteAccessKeyRequest in) {
    String name = IamState.userName(call, in.userName());
    return iam.state()
        .commit(
            call,
            tx -> {
              var user = Directory.user(tx, call.account(), name);
              AccessKeys.delete(
                  tx,
                  AccessKeys.find(tx, call.account(), user, in.accessKeyId()),
                  iam.clock().instant());
              return new Empty();
            });
  }
}
