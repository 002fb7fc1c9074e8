// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.policy;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListPolicyTagsRequest;
import dev.holdfast.aws.iam.ListPolicyTagsResponse;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.ManagedPolicies;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;

/** ListPolicyTags. */
public record ListPolicyTags(IamState iam)
    implements Operation<ListPolicyTagsRequest, ListPolicyTagsResponse> {
  @Override
  public OperationModel<ListPolicyTagsRequest, ListPolicyTagsResponse> model() {
    return IamModel.LIST_POLICY_TAGS;
  }

  @Override
  public Access access(Call call, ListPolicyTagsRequest in) {
    return Access.of(IamState.onPolicy("ListPolicyTags", in.policyArn()));
  }

  @Override
  public ListPolicyTagsResponse handle(Call call, ListPolicyTagsRequest in) {
    Page<Tag> page =
        new Taggings(iam)
            .list(call, ManagedPolicies.arn(call, in.policyArn()), in.marker(), in.maxItems());
    return ListPolicyTagsResponse.builder()
        .tags(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
