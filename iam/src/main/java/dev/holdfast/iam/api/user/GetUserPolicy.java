// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetUserPolicyRequest;
import dev.holdfast.aws.iam.GetUserPolicyResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.InlinePolicies;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** GetUserPolicy. */
public record GetUserPolicy(IamState iam)
    implements Operation<GetUserPolicyRequest, GetUserPolicyResponse> {
  @Override
  public OperationModel<GetUserPolicyRequest, GetUserPolicyResponse> model() {
    return IamModel.GET_USER_POLICY;
  }

  @Override
  public Access access(Call call, GetUserPolicyRequest in) {
    return Access.of(iam.on(call, "GetUserPolicy", EntityKind.USER, in.userName()));
  }

  @Override
  public GetUserPolicyResponse handle(Call call, GetUserPolicyRequest in) {
    String text =
        new InlinePolicies(iam).get(call, EntityKind.USER, in.userName(), in.policyName());
    return GetUserPolicyResponse.builder()
        .userName(in.userName())
        .policyName(in.policyName())
        .policyDocument(Wire.encoded(text))
        .build();
  }
}
