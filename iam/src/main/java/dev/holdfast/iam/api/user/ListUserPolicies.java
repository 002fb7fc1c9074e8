// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListUserPoliciesRequest;
import dev.holdfast.aws.iam.ListUserPoliciesResponse;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.InlinePolicies;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;

/** ListUserPolicies. */
public record ListUserPolicies(IamState iam)
    implements Operation<ListUserPoliciesRequest, ListUserPoliciesResponse> {
  @Override
  public OperationModel<ListUserPoliciesRequest, ListUserPoliciesResponse> model() {
    return IamModel.LIST_USER_POLICIES;
  }

  @Override
  public Access access(Call call, ListUserPoliciesRequest in) {
    return Access.of(iam.on(call, "ListUserPolicies", EntityKind.USER, in.userName()));
  }

  @Override
  public ListUserPoliciesResponse handle(Call call, ListUserPoliciesRequest in) {
    Page<String> page =
        new InlinePolicies(iam)
            .list(call, EntityKind.USER, in.userName(), in.marker(), in.maxItems());
    return ListUserPoliciesResponse.builder()
        .policyNames(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
