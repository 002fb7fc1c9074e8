// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.group;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UpdateGroupRequest;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.Entities;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Group;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.User;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.List;
import java.util.Objects;

/** UpdateGroup: another name or path; its id, members and policies stay. */
public record UpdateGroup(IamState iam) implements Operation<UpdateGroupRequest, Empty> {
  @Override
  public OperationModel<UpdateGroupRequest, Empty> model() {
    return IamModel.UPDATE_GROUP;
  }

  @Override
  public Access access(Call call, UpdateGroupRequest in) {
    return Entities.moving(
        iam.on(call, "UpdateGroup", EntityKind.GROUP, in.groupName()),
        EntityKind.GROUP,
        call,
        in.newPath(),
        in.newGroupName());
  }

  @Override
  public Empty handle(Call call, UpdateGroupRequest in) {
    return iam.state()
        .commit(
            call,
            tx -> {
              Group group = Directory.group(tx, call.account(), in.groupName());
              Group moved =
                  group.named(
                      Objects.requireNonNullElse(in.newGroupName(), group.name()),
                      Objects.requireNonNullElse(in.newPath(), group.path()));
              List<Entity> members =
                  tx.byIndex(
                      IamTables.ENTITIES,
                      call.account(),
                      IamTables.MEMBERS,
                      Entity.fold(group.name()));
              Entities.move(tx, call, group, moved);
              for (Entity member : members) {
                IamState.put(tx, call, ((User) member).leaving(group.name()).joining(moved.name()));
              }
              return new Empty();
            });
  }
}
