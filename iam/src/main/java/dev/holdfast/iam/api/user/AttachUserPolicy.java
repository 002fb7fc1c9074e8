// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.AttachUserPolicyRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Attachments;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** AttachUserPolicy. */
public record AttachUserPolicy(IamState iam) implements Operation<AttachUserPolicyRequest, Empty> {
  @Override
  public OperationModel<AttachUserPolicyRequest, Empty> model() {
    return IamModel.ATTACH_USER_POLICY;
  }

  @Override
  public Access access(Call call, AttachUserPolicyRequest in) {
    return Access.of(
        new Boundaries(iam)
            .on(call, "AttachUserPolicy", EntityKind.USER, in.userName())
            .key("iam:PolicyARN", in.policyArn()));
  }

  @Override
  public Empty handle(Call call, AttachUserPolicyRequest in) {
    IamState.policyArn(in.policyArn());
    return new Attachments(iam).attach(call, EntityKind.USER, in.userName(), in.policyArn());
  }
}
