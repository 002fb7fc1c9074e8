// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.group;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeleteGroupRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Entities;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeleteGroup. */
public record DeleteGroup(IamState iam) implements Operation<DeleteGroupRequest, Empty> {
  @Override
  public OperationModel<DeleteGroupRequest, Empty> model() {
    return IamModel.DELETE_GROUP;
  }

  @Override
  public Access access(Call call, DeleteGroupRequest in) {
    return Access.of(iam.on(call, "DeleteGroup", EntityKind.GROUP, in.groupName()));
  }

  @Override
  public Empty handle(Call call, DeleteGroupRequest in) {
    return new Entities(iam).delete(call, EntityKind.GROUP, in.groupName());
  }
}
