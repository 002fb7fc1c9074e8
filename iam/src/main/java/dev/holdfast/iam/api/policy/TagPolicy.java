// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.policy;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.aws.iam.TagPolicyRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.ManagedPolicies;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;

/** TagPolicy. */
public record TagPolicy(IamState iam) implements Operation<TagPolicyRequest, Empty> {
  @Override
  public OperationModel<TagPolicyRequest, Empty> model() {
    return IamModel.TAG_POLICY;
  }

  @Override
  public Access access(Call call, TagPolicyRequest in) {
    return Access.of(
        IamState.onPolicy("TagPolicy", in.policyArn())
            .requestTags(Tags.map(in.tags(), Tag::key, Tag::value)));
  }

  @Override
  public Empty handle(Call call, TagPolicyRequest in) {
    return new Taggings(iam).tag(call, ManagedPolicies.arn(call, in.policyArn()), in.tags());
  }
}
