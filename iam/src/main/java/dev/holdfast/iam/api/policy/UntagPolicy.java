// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.policy;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UntagPolicyRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.ManagedPolicies;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** UntagPolicy. */
public record UntagPolicy(IamState iam) implements Operation<UntagPolicyRequest, Empty> {
  @Override
  public OperationModel<UntagPolicyRequest, Empty> model() {
    return IamModel.UNTAG_POLICY;
  }

  @Override
  public Access access(Call call, UntagPolicyRequest in) {
    return Access.of(IamState.onPolicy("UntagPolicy", in.policyArn()).tagKeys(in.tagKeys()));
  }

  @Override
  public Empty handle(Call call, UntagPolicyRequest in) {
    return new Taggings(iam).untag(call, ManagedPolicies.arn(call, in.policyArn()), in.tagKeys());
  }
}
