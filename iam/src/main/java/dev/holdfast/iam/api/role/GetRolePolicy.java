// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetRolePolicyRequest;
import dev.holdfast.aws.iam.GetRolePolicyResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.InlinePolicies;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** GetRolePolicy. */
public record GetRolePolicy(IamState iam)
    implements Operation<GetRolePolicyRequest, GetRolePolicyResponse> {
  @Override
  public OperationModel<GetRolePolicyRequest, GetRolePolicyResponse> model() {
    return IamModel.GET_ROLE_POLICY;
  }

  @Override
  public Access access(Call call, GetRolePolicyRequest in) {
    return Access.of(iam.on(call, "GetRolePolicy", EntityKind.ROLE, in.roleName()));
  }

  @Override
  public GetRolePolicyResponse handle(Call call, GetRolePolicyRequest in) {
    String text =
        new InlinePolicies(iam).get(call, EntityKind.ROLE, in.roleName(), in.policyName());
    return GetRolePolicyResponse.builder()
        .roleName(in.roleName())
        .policyName(in.policyName())
        .policyDocument(Wire.encoded(text))
        .build();
  }
}
