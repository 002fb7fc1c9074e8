// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.group;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.AttachedPolicy;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListAttachedGroupPoliciesRequest;
import dev.holdfast.aws.iam.ListAttachedGroupPoliciesResponse;
import dev.holdfast.iam.control.Attachments;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;

/** ListAttachedGroupPolicies. */
public record ListAttachedGroupPolicies(IamState iam)
    implements Operation<ListAttachedGroupPoliciesRequest, ListAttachedGroupPoliciesResponse> {
  @Override
  public OperationModel<ListAttachedGroupPoliciesRequest, ListAttachedGroupPoliciesResponse>
      model() {
    return IamModel.LIST_ATTACHED_GROUP_POLICIES;
  }

  @Override
  public Access access(Call call, ListAttachedGroupPoliciesRequest in) {
    return Access.of(iam.on(call, "ListAttachedGroupPolicies", EntityKind.GROUP, in.groupName()));
  }

  @Override
  public ListAttachedGroupPoliciesResponse handle(Call call, ListAttachedGroupPoliciesRequest in) {
    Page<AttachedPolicy> page =
        new Attachments(iam)
            .list(
                call,
                EntityKind.GROUP,
                in.groupName(),
                in.pathPrefix(),
                in.marker(),
                in.maxItems());
    return ListAttachedGroupPoliciesResponse.builder()
        .attachedPolicies(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
