// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.group;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.CreateGroupRequest;
import dev.holdfast.aws.iam.CreateGroupResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.Entities;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Grants;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.Map;

/** CreateGroup. */
public record CreateGroup(IamState iam)
    implements Operation<CreateGroupRequest, CreateGroupResponse> {
  @Override
  public OperationModel<CreateGroupRequest, CreateGroupResponse> model() {
    return IamModel.CREATE_GROUP;
  }

  @Override
  public Access access(Call call, CreateGroupRequest in) {
    return Access.of(
        "iam:CreateGroup",
        EntityKind.GROUP.arn(call.account(), Wire.path(in.path()), in.groupName()));
  }

  @Override
  public CreateGroupResponse handle(Call call, CreateGroupRequest in) {
    var group =
        new dev.holdfast.iam.model.Group(
            in.groupName(),
            Wire.path(in.path()),
            iam.id(EntityKind.GROUP.idPrefix()),
            call.now(),
            Grants.NONE);
    return iam.state()
        .commit(
            call,
            tx -> {
              Entities.add(tx, call, group, Map.of());
              return CreateGroupResponse.builder().group(Wire.group(call.account(), group)).build();
            });
  }
}
