// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DetachRolePolicyRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Attachments;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DetachRolePolicy. */
public record DetachRolePolicy(IamState iam) implements Operation<DetachRolePolicyRequest, Empty> {
  @Override
  public OperationModel<DetachRolePolicyRequest, Empty> model() {
    return IamModel.DETACH_ROLE_POLICY;
  }

  @Override
  public Access access(Call call, DetachRolePolicyRequest in) {
    return Access.of(
        new Boundaries(iam)
            .on(call, "DetachRolePolicy", EntityKind.ROLE, in.roleName())
            .key("iam:PolicyARN", in.policyArn()));
  }

  @Override
  public Empty handle(Call call, DetachRolePolicyRequest in) {
    IamState.policyArn(in.policyArn());
    return new Attachments(iam).detach(call, EntityKind.ROLE, in.roleName(), in.policyArn());
  }
}
