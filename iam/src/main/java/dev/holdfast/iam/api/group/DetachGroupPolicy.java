// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.group;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DetachGroupPolicyRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Attachments;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DetachGroupPolicy. */
public record DetachGroupPolicy(IamState iam)
    implements Operation<DetachGroupPolicyRequest, Empty> {
  @Override
  public OperationModel<DetachGroupPolicyRequest, Empty> model() {
    return IamModel.DETACH_GROUP_POLICY;
  }

  @Override
  public Access access(Call call, DetachGroupPolicyRequest in) {
    return Access.of(
        iam.on(call, "DetachGroupPolicy", EntityKind.GROUP, in.groupName())
            .key("iam:PolicyARN", in.policyArn()));
  }

  @Override
  public Empty handle(Call call, DetachGroupPolicyRequest in) {
    IamState.policyArn(in.policyArn());
    return new Attachments(iam).detach(call, EntityKind.GROUP, in.groupName(), in.policyArn());
  }
}
