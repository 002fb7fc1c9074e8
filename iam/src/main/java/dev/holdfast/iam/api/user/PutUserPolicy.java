// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.InlinePolicies;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** PutUserPolicy. */
public record PutUserPolicy(IamState iam) implements Operation<PutUserPolicyRequest, Empty> {
  @Override
  public OperationModel<PutUserPolicyRequest, Empty> model() {
    return IamModel.PUT_USER_POLICY;
  }

  @Override
  public Access access(Call call, PutUserPolicyRequest in) {
    return Access.of(new Boundaries(iam).on(call, "PutUserPolicy", EntityKind.USER, in.userName()));
  }

  @Override
  public Empty handle(Call call, PutUserPolicyRequest in) {
    return new InlinePolicies(iam)
        .put(call, EntityKind.USER, in.userName(), in.policyName(), in.policyDocument());
  }
}
