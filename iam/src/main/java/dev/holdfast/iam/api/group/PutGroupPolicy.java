// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.group;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.PutGroupPolicyRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.InlinePolicies;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** PutGroupPolicy. */
public record PutGroupPolicy(IamState iam) implements Operation<PutGroupPolicyRequest, Empty> {
  @Override
  public OperationModel<PutGroupPolicyRequest, Empty> model() {
    return IamModel.PUT_GROUP_POLICY;
  }

  @Override
  public Access access(Call call, PutGroupPolicyRequest in) {
    return Access.of(iam.on(call, "PutGroupPolicy", EntityKind.GROUP, in.groupName()));
  }

  @Override
  public Empty handle(Call call, PutGroupPolicyRequest in) {
    return new InlinePolicies(iam)
        .put(call, EntityKind.GROUP, in.groupName(), in.policyName(), in.policyDocument());
  }
}
