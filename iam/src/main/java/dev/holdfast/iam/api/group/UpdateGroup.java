// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.group;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UpdateGroupRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Renames;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** UpdateGroup. */
public record UpdateGroup(IamState iam) implements Operation<UpdateGroupRequest, Empty> {
  @Override
  public OperationModel<UpdateGroupRequest, Empty> model() {
    return IamModel.UPDATE_GROUP;
  }

  @Override
  public Access access(Call call, UpdateGroupRequest in) {
    return new Renames(iam)
        .access(
            call, "UpdateGroup", EntityKind.GROUP, in.groupName(), in.newPath(), in.newGroupName());
  }

  @Override
  public Empty handle(Call call, UpdateGroupRequest in) {
    return new Renames(iam).group(call, in.groupName(), in.newPath(), in.newGroupName());
  }
}
