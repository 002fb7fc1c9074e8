// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.group;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListGroupPoliciesRequest;
import dev.holdfast.aws.iam.ListGroupPoliciesResponse;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.InlinePolicies;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;

/** ListGroupPolicies. */
public record ListGroupPolicies(IamState iam)
    implements Operation<ListGroupPoliciesRequest, ListGroupPoliciesResponse> {
  @Override
  public OperationModel<ListGroupPoliciesRequest, ListGroupPoliciesResponse> model() {
    return IamModel.LIST_GROUP_POLICIES;
  }

  @Override
  public Access access(Call call, ListGroupPoliciesRequest in) {
    return Access.of(iam.on(call, "ListGroupPolicies", EntityKind.GROUP, in.groupName()));
  }

  @Override
  public ListGroupPoliciesResponse handle(Call call, ListGroupPoliciesRequest in) {
    Page<String> page =
        new InlinePolicies(iam)
            .list(call, EntityKind.GROUP, in.groupName(), in.marker(), in.maxItems());
    return ListGroupPoliciesResponse.builder()
        .policyNames(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
