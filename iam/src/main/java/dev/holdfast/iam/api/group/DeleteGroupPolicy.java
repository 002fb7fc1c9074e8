// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.group;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeleteGroupPolicyRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.InlinePolicies;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeleteGroupPolicy. */
public record DeleteGroupPolicy(IamState iam)
    implements Operation<DeleteGroupPolicyRequest, Empty> {
  @Override
  public OperationModel<DeleteGroupPolicyRequest, Empty> model() {
    return IamModel.DELETE_GROUP_POLICY;
  }

  @Override
  public Access access(Call call, DeleteGroupPolicyRequest in) {
    return Access.of(iam.on(call, "DeleteGroupPolicy", EntityKind.GROUP, in.groupName()));
  }

  @Override
  public Empty handle(Call call, DeleteGroupPolicyRequest in) {
    return new InlinePolicies(iam).delete(call, EntityKind.GROUP, in.groupName(), in.policyName());
  }
}
