// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.group;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.AttachGroupPolicyRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Attachments;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** AttachGroupPolicy. */
public record AttachGroupPolicy(IamState iam)
    implements Operation<AttachGroupPolicyRequest, Empty> {
  @Override
  public OperationModel<AttachGroupPolicyRequest, Empty> model() {
    return IamModel.ATTACH_GROUP_POLICY;
  }

  @Override
  public Access access(Call call, AttachGroupPolicyRequest in) {
    return Access.of(
        iam.on(call, "AttachGroupPolicy", EntityKind.GROUP, in.groupName())
            .key("iam:PolicyARN", in.policyArn()));
  }

  @Override
  public Empty handle(Call call, AttachGroupPolicyRequest in) {
    IamState.policyArn(in.policyArn());
    return new Attachments(iam).attach(call, EntityKind.GROUP, in.groupName(), in.policyArn());
  }
}
