// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.group;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetGroupRequest;
import dev.holdfast.aws.iam.GetGroupResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;
import java.util.List;

/** GetGroup. */
public record GetGroup(IamState iam) implements Operation<GetGroupRequest, GetGroupResponse> {
  @Override
  public OperationModel<GetGroupRequest, GetGroupResponse> model() {
    return IamModel.GET_GROUP;
  }

  @Override
  public Access access(Call call, GetGroupRequest in) {
    return Access.of(iam.on(call, "GetGroup", EntityKind.GROUP, in.groupName()));
  }

  @Override
  public GetGroupResponse handle(Call call, GetGroupRequest in) {
    return iam.state()
        .read(
            view -> {
              var group = Directory.group(view, call.account(), in.groupName());
              List<Entity> members =
                  view.byIndex(
                      IamTables.ENTITIES,
                      call.account(),
                      IamTables.MEMBERS,
                      Entity.fold(group.name()));
              Page<Entity> page =
                  iam.page(
                      call,
                      "GetGroup " + group.name(),
                      members,
                      Entity::name,
                      in.marker(),
                      in.maxItems());
              return GetGroupResponse.builder()
                  .group(Wire.group(call.account(), group))
                  .users(page.items().stream().map(e -> Wire.user(call.account(), e)).toList())
                  .isTruncated(page.next() != null)
                  .marker(page.next())
                  .build();
            });
  }
}
