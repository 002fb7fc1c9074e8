// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListRolePoliciesRequest;
import dev.holdfast.aws.iam.ListRolePoliciesResponse;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.InlinePolicies;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;

/** ListRolePolicies. */
public record ListRolePolicies(IamState iam)
    implements Operation<ListRolePoliciesRequest, ListRolePoliciesResponse> {
  @Override
  public OperationModel<ListRolePoliciesRequest, ListRolePoliciesResponse> model() {
    return IamModel.LIST_ROLE_POLICIES;
  }

  @Override
  public Access access(Call call, ListRolePoliciesRequest in) {
    return Access.of(iam.on(call, "ListRolePolicies", EntityKind.ROLE, in.roleName()));
  }

  @Override
  public ListRolePoliciesResponse handle(Call call, ListRolePoliciesRequest in) {
    Page<String> page =
        new InlinePolicies(iam)
            .list(call, EntityKind.ROLE, in.roleName(), in.marker(), in.maxItems());
    return ListRolePoliciesResponse.builder()
        .policyNames(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
