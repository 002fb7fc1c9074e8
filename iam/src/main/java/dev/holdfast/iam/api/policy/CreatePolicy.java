// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.policy;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.CreatePolicyRequest;
import dev.holdfast.aws.iam.CreatePolicyResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.Policy;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.ManagedPolicies;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.model.ManagedPolicy;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import java.util.Map;

/** CreatePolicy. */
public record CreatePolicy(IamState iam)
    implements Operation<CreatePolicyRequest, CreatePolicyResponse> {
  @Override
  public OperationModel<CreatePolicyRequest, CreatePolicyResponse> model() {
    return IamModel.CREATE_POLICY;
  }

  @Override
  public Access access(Call call, CreatePolicyRequest in) {
    Arn arn = Arn.global("iam", call.account(), "policy" + Wire.path(in.path()) + in.policyName());
    Map<String, String> tags = Tags.map(in.tags(), Tag::key, Tag::value);
    Access access = Access.of(Demand.on("iam:CreatePolicy", arn).made(tags));
    return tags.isEmpty() ? access : access.and(Demand.on("iam:TagPolicy", arn).made(tags));
  }

  @Override
  public CreatePolicyResponse handle(Call call, CreatePolicyRequest in) {
    ManagedPolicies.check(in.policyDocument());
    Map<String, String> tags = Taggings.given(in.tags());
    var policy =
        ManagedPolicy.first(
            in.policyName(),
            Wire.path(in.path()),
            iam.id("ANPA"),
            call.now(),
            in.description(),
            in.policyDocument());
    Arn arn = policy.arn(call.account());
    return iam.state()
        .commit(
            call,
            tx -> {
              ManagedPolicies.add(tx, call, policy, tags);
              Policy shape =
                  Wire.policyInFull(tx, call.account(), arn.toString(), policy).toBuilder()
                      .description(null)
                      .build();
              return CreatePolicyResponse.builder().policy(shape).build();
            });
  }
}
