// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.group;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.AddUserToGroupRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Quotas;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Quota;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** AddUserToGroup. */
public record AddUserToGroup(IamState iam) implements Operation<AddUserToGroupRequest, Empty> {
  @Override
  public OperationModel<AddUserToGroupRequest, Empty> model() {
    return IamModel.ADD_USER_TO_GROUP;
  }

  @Override
  public Access access(Call call, AddUserToGroupRequest in) {
    return Access.of(iam.on(call, "AddUserToGroup", EntityKind.GROUP, in.groupName()));
  }

  @Override
  public Empty handle(Call call, AddUserToGroupRequest in) {
    return iam.state()
        .commit(
            call,
            tx -> {
              var group = IamState.judged(tx, call, EntityKind.GROUP, in.groupName());
              var user = Directory.user(tx, call.account(), in.userName());
              var changed = user.joining(group.name());
              if (!changed.equals(user)) {
                Quotas.require(tx, Quota.GROUPS_PER_USER, changed.groups().size());
              }
              IamState.put(tx, call, changed);
              return new Empty();
            });
  }
}
