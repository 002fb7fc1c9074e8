// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.policy;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListPolicyVersionsRequest;
import dev.holdfast.aws.iam.ListPolicyVersionsResponse;
import dev.holdfast.aws.iam.PolicyVersion;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.ManagedPolicies;
import dev.holdfast.iam.model.ManagedPolicy;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.List;

/** ListPolicyVersions. */
public record ListPolicyVersions(IamState iam)
    implements Operation<ListPolicyVersionsRequest, ListPolicyVersionsResponse> {
  @Override
  public OperationModel<ListPolicyVersionsRequest, ListPolicyVersionsResponse> model() {
    return IamModel.LIST_POLICY_VERSIONS;
  }

  @Override
  public Access access(Call call, ListPolicyVersionsRequest in) {
    return Access.of(IamState.onPolicy("ListPolicyVersions", in.policyArn()));
  }

  @Override
  public ListPolicyVersionsResponse handle(Call call, ListPolicyVersionsRequest in) {
    ManagedPolicy policy =
        iam.state().read(view -> ManagedPolicies.find(view, call.account(), in.policyArn()));
    List<PolicyVersion> versions =
        policy.versions().reversed().stream().map(v -> Wire.version(policy, v)).toList();
    return ListPolicyVersionsResponse.builder().versions(versions).isTruncated(false).build();
  }
}
