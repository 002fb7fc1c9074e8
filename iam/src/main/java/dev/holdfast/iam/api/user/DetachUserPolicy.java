// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DetachUserPolicyRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Attachments;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DetachUserPolicy. */
public record DetachUserPolicy(IamState iam) implements Operation<DetachUserPolicyRequest, Empty> {
  @Override
  public OperationModel<DetachUserPolicyRequest, Empty> model() {
    return IamModel.DETACH_USER_POLICY;
  }

  @Override
  public Access access(Call call, DetachUserPolicyRequest in) {
    return Access.of(
        new Boundaries(iam)
            .on(call, "DetachUserPolicy", EntityKind.USER, in.userName())
            .key("iam:PolicyARN", in.policyArn()));
  }

  @Override
  public Empty handle(Call call, DetachUserPolicyRequest in) {
    IamState.policyArn(in.policyArn());
    return new Attachments(iam).detach(call, EntityKind.USER, in.userName(), in.policyArn());
  }
}
