// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.Group;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListGroupsForUserRequest;
import dev.holdfast.aws.iam.ListGroupsForUserResponse;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;
import java.util.List;

/** ListGroupsForUser. */
public record ListGroupsForUser(IamState iam)
    implements Operation<ListGroupsForUserRequest, ListGroupsForUserResponse> {
  @Override
  public OperationModel<ListGroupsForUserRequest, ListGroupsForUserResponse> model() {
    return IamModel.LIST_GROUPS_FOR_USER;
  }

  @Override
  public Access access(Call call, ListGroupsForUserRequest in) {
    return Access.of(iam.on(call, "ListGroupsForUser", EntityKind.USER, in.userName()));
  }

  @Override
  public ListGroupsForUserResponse handle(Call call, ListGroupsForUserRequest in) {
    return iam.state()
        .read(
            view -> {
              var user = Directory.user(view, call.account(), in.userName());
              Page<String> page =
                  iam.page(
                      call,
                      "ListGroupsForUser " + user.name(),
                      user.groups(),
                      name -> name,
                      in.marker(),
                      in.maxItems());
              List<Group> groups =
                  page.items().stream()
                      .map(
                          name ->
                              Wire.group(
                                  call.account(), Directory.group(view, call.account(), name)))
                      .toList();
              return ListGroupsForUserResponse.builder()
                  .groups(groups)
                  .isTruncated(page.next() != null)
                  .marker(page.next())
                  .build();
            });
  }
}
