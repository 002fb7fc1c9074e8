// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListRoleTagsRequest;
import dev.holdfast.aws.iam.ListRoleTagsResponse;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.iam.control.Entities;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;

/** ListRoleTags. */
public record ListRoleTags(IamState iam)
    implements Operation<ListRoleTagsRequest, ListRoleTagsResponse> {
  @Override
  public OperationModel<ListRoleTagsRequest, ListRoleTagsResponse> model() {
    return IamModel.LIST_ROLE_TAGS;
  }

  @Override
  public Access access(Call call, ListRoleTagsRequest in) {
    return Access.of(iam.on(call, "ListRoleTags", EntityKind.ROLE, in.roleName()));
  }

  @Override
  public ListRoleTagsResponse handle(Call call, ListRoleTagsRequest in) {
    Page<Tag> page =
        new Taggings(iam)
            .list(
                call,
                Entities.arn(call, EntityKind.ROLE, in.roleName()),
                in.marker(),
                in.maxItems());
    return ListRoleTagsResponse.builder()
        .tags(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
