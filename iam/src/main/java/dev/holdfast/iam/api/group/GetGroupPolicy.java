// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.group;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetGroupPolicyRequest;
import dev.holdfast.aws.iam.GetGroupPolicyResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.InlinePolicies;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** GetGroupPolicy. */
public record GetGroupPolicy(IamState iam)
    implements Operation<GetGroupPolicyRequest, GetGroupPolicyResponse> {
  @Override
  public OperationModel<GetGroupPolicyRequest, GetGroupPolicyResponse> model() {
    return IamModel.GET_GROUP_POLICY;
  }

  @Override
  public Access access(Call call, GetGroupPolicyRequest in) {
    return Access.of(iam.on(call, "GetGroupPolicy", EntityKind.GROUP, in.groupName()));
  }

  @Override
  public GetGroupPolicyResponse handle(Call call, GetGroupPolicyRequest in) {
    String text =
        new InlinePolicies(iam).get(call, EntityKind.GROUP, in.groupName(), in.policyName());
    return GetGroupPolicyResponse.builder()
        .groupName(in.groupName())
        .policyName(in.policyName())
        .policyDocument(Wire.encoded(text))
        .build();
  }
}
