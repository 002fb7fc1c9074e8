// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.AttachRolePolicyRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Attachments;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** AttachRolePolicy. */
public record AttachRolePolicy(IamState iam) implements Operation<AttachRolePolicyRequest, Empty> {
  @Override
  public OperationModel<AttachRolePolicyRequest, Empty> model() {
    return IamModel.ATTACH_ROLE_POLICY;
  }

  @Override
  public Access access(Call call, AttachRolePolicyRequest in) {
    return Access.of(
        new Boundaries(iam)
            .on(call, "AttachRolePolicy", EntityKind.ROLE, in.roleName())
            .key("iam:PolicyARN", in.policyArn()));
  }

  @Override
  public Empty handle(Call call, AttachRolePolicyRequest in) {
    IamState.policyArn(in.policyArn());
    return new Attachments(iam).attach(call, EntityKind.ROLE, in.roleName(), in.policyArn());
  }
}
