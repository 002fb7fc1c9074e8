// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.group;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListGroupsRequest;
import dev.holdfast.aws.iam.ListGroupsResponse;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;

/** ListGroups. */
public record ListGroups(IamState iam) implements Operation<ListGroupsRequest, ListGroupsResponse> {
  @Override
  public OperationModel<ListGroupsRequest, ListGroupsResponse> model() {
    return IamModel.LIST_GROUPS;
  }

  @Override
  public Access access(Call call, ListGroupsRequest in) {
    return Access.of(
        "iam:ListGroups", Arn.global("iam", call.account(), "group" + Wire.path(in.pathPrefix())));
  }

  @Override
  public ListGroupsResponse handle(Call call, ListGroupsRequest in) {
    Page<Entity> page =
        iam.state()
            .read(
                view ->
                    iam.entities(
                        view,
                        call,
                        "ListGroups",
                        EntityKind.GROUP,
                        in.pathPrefix(),
                        in.marker(),
                        in.maxItems()));
    return ListGroupsResponse.builder()
        .groups(page.items().stream().map(e -> Wire.group(call.account(), e)).toList())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
