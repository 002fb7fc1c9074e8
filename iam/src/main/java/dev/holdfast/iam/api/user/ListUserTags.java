// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListUserTagsRequest;
import dev.holdfast.aws.iam.ListUserTagsResponse;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.iam.control.Entities;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;

/** ListUserTags. */
public record ListUserTags(IamState iam)
    implements Operation<ListUserTagsRequest, ListUserTagsResponse> {
  @Override
  public OperationModel<ListUserTagsRequest, ListUserTagsResponse> model() {
    return IamModel.LIST_USER_TAGS;
  }

  @Override
  public Access access(Call call, ListUserTagsRequest in) {
    return Access.of(iam.on(call, "ListUserTags", EntityKind.USER, in.userName()));
  }

  @Override
  public ListUserTagsResponse handle(Call call, ListUserTagsRequest in) {
    Page<Tag> page =
        new Taggings(iam)
            .list(
                call,
                Entities.arn(call, EntityKind.USER, in.userName()),
                in.marker(),
                in.maxItems());
    return ListUserTagsResponse.builder()
        .tags(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
