// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.profile;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListInstanceProfileTagsRequest;
import dev.holdfast.aws.iam.ListInstanceProfileTagsResponse;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Profiles;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;

/** ListInstanceProfileTags. */
public record ListInstanceProfileTags(IamState iam)
    implements Operation<ListInstanceProfileTagsRequest, ListInstanceProfileTagsResponse> {
  @Override
  public OperationModel<ListInstanceProfileTagsRequest, ListInstanceProfileTagsResponse> model() {
    return IamModel.LIST_INSTANCE_PROFILE_TAGS;
  }

  @Override
  public Access access(Call call, ListInstanceProfileTagsRequest in) {
    return Access.of(
        new Profiles(iam).on(call, "ListInstanceProfileTags", in.instanceProfileName()));
  }

  @Override
  public ListInstanceProfileTagsResponse handle(Call call, ListInstanceProfileTagsRequest in) {
    Page<Tag> page =
        new Taggings(iam)
            .list(call, Profiles.arn(call, in.instanceProfileName()), in.marker(), in.maxItems());
    return ListInstanceProfileTagsResponse.builder()
        .tags(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
