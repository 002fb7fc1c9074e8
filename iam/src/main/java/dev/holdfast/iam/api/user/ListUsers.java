// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListUsersRequest;
import dev.holdfast.aws.iam.ListUsersResponse;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;

/** ListUsers. */
public record ListUsers(IamState iam) implements Operation<ListUsersRequest, ListUsersResponse> {
  @Override
  public OperationModel<ListUsersRequest, ListUsersResponse> model() {
    return IamModel.LIST_USERS;
  }

  @Override
  public Access access(Call call, ListUsersRequest in) {
    return Access.of(
        "iam:ListUsers", Arn.global("iam", call.account(), "user" + Wire.path(in.pathPrefix())));
  }

  @Override
  public ListUsersResponse handle(Call call, ListUsersRequest in) {
    Page<Entity> page =
        iam.state()
            .read(
                view ->
                    iam.entities(
                        view,
                        call,
                        "ListUsers",
                        EntityKind.USER,
                        in.pathPrefix(),
                        in.marker(),
                        in.maxItems()));
    return ListUsersResponse.builder()
        .users(page.items().stream().map(e -> Wire.user(call.account(), e)).toList())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
