// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.AttachedPolicy;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListAttachedRolePoliciesRequest;
import dev.holdfast.aws.iam.ListAttachedRolePoliciesResponse;
import dev.holdfast.iam.control.Attachments;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;

/** ListAttachedRolePolicies. */
public record ListAttachedRolePolicies(IamState iam)
    implements Operation<ListAttachedRolePoliciesRequest, ListAttachedRolePoliciesResponse> {
  @Override
  public OperationModel<ListAttachedRolePoliciesRequest, ListAttachedRolePoliciesResponse> model() {
    return IamModel.LIST_ATTACHED_ROLE_POLICIES;
  }

  @Override
  public Access access(Call call, ListAttachedRolePoliciesRequest in) {
    return Access.of(iam.on(call, "ListAttachedRolePolicies", EntityKind.ROLE, in.roleName()));
  }

  @Override
  public ListAttachedRolePoliciesResponse handle(Call call, ListAttachedRolePoliciesRequest in) {
    Page<AttachedPolicy> page =
        new Attachments(iam)
            .list(
                call, EntityKind.ROLE, in.roleName(), in.pathPrefix(), in.marker(), in.maxItems());
    return ListAttachedRolePoliciesResponse.builder()
        .attachedPolicies(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
