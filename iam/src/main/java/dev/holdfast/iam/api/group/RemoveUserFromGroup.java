// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.group;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.RemoveUserFromGroupRequest;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** RemoveUserFromGroup. */
public record RemoveUserFromGroup(IamState iam)
    implements Operation<RemoveUserFromGroupRequest, Empty> {
  @Override
  public OperationModel<RemoveUserFromGroupRequest, Empty> model() {
    return IamModel.REMOVE_USER_FROM_GROUP;
  }

  @Override
  public Access access(Call call, RemoveUserFromGroupRequest in) {
    return Access.of(iam.on(call, "RemoveUserFromGroup", EntityKind.GROUP, in.groupName()));
  }

  @Override
  public Empty handle(Call call, RemoveUserFromGroupRequest in) {
    return iam.state()
        .commit(
            call,
            tx -> {
              var group = Directory.group(tx, call.account(), in.groupName());
              var changed = Directory.user(tx, call.account(), in.userName()).leaving(group.name());
              IamState.put(tx, call, changed);
              return new Empty();
            });
  }
}
