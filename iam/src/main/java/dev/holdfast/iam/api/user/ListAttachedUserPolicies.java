// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.AttachedPolicy;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListAttachedUserPoliciesRequest;
import dev.holdfast.aws.iam.ListAttachedUserPoliciesResponse;
import dev.holdfast.iam.control.Attachments;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;

/** ListAttachedUserPolicies. */
public record ListAttachedUserPolicies(IamState iam)
    implements Operation<ListAttachedUserPoliciesRequest, ListAttachedUserPoliciesResponse> {
  @Override
  public OperationModel<ListAttachedUserPoliciesRequest, ListAttachedUserPoliciesResponse> model() {
    return IamModel.LIST_ATTACHED_USER_POLICIES;
  }

  @Override
  public Access access(Call call, ListAttachedUserPoliciesRequest in) {
    return Access.of(iam.on(call, "ListAttachedUserPolicies", EntityKind.USER, in.userName()));
  }

  @Override
  public ListAttachedUserPoliciesResponse handle(Call call, ListAttachedUserPoliciesRequest in) {
    Page<AttachedPolicy> page =
        new Attachments(iam)
            .list(
                call, EntityKind.USER, in.userName(), in.pathPrefix(), in.marker(), in.maxItems());
    return ListAttachedUserPoliciesResponse.builder()
        .attachedPolicies(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
