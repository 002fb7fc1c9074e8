// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.GetResourcePoliciesRequest;
import dev.holdfast.aws.ssm.GetResourcePoliciesResponse;
import dev.holdfast.aws.ssm.GetResourcePoliciesResponseEntry;
import dev.holdfast.aws.ssm.SsmError;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.ssm.model.ParameterPolicy;
import dev.holdfast.ssm.model.ParameterTables;
import dev.holdfast.ssm.model.StoredParameter;
import java.util.List;

/** Lists the policies by which a parameter is shared. */
public record GetResourcePolicies(Parameters parameters, PageTokens pages)
    implements Operation<GetResourcePoliciesRequest, GetResourcePoliciesResponse> {
  @Override
  public OperationModel<GetResourcePoliciesRequest, GetResourcePoliciesResponse> model() {
    return SsmModel.GET_RESOURCE_POLICIES;
  }

  @Override
  public Access access(Call call, GetResourcePoliciesRequest in) {
    return Access.of(
        "ssm:GetResourcePolicies", ResourcePolicies.selector(call, in.resourceArn()).arn());
  }

  @Override
  public GetResourcePoliciesResponse handle(Call call, GetResourcePoliciesRequest in) {
    StoredParameter parameter =
        parameters.state().read(view -> ResourcePolicies.named(view, call, in.resourceArn()));
    List<ParameterPolicy> all =
        parameters.state().read(view -> ParameterTables.policies(view, parameter));
    Integer limit = in.maxResults();
    var listing =
        new PageTokens.Listing("GetResourcePolicies", in.resourceArn(), limit == null ? 50 : limit);
    PageTokens.Page<ParameterPolicy> page =
        pages
            .page(call, listing, all, ParameterPolicy::id, in.nextToken())
            .orElseThrow(
                () ->
                    SsmError.RESOURCE_POLICY_INVALID_PARAMETER.because(
                        "the token is not one of this listing"));
    return GetResourcePoliciesResponse.builder()
        .policies(page.items().stream().map(policy -> entry(parameter, policy)).toList())
        .nextToken(page.next())
        .build();
  }

  private GetResourcePoliciesResponseEntry entry(
      StoredParameter parameter, ParameterPolicy policy) {
    return GetResourcePoliciesResponseEntry.builder()
        .policyId(policy.id())
        .policyHash(policy.hash())
        .policy(
            parameters.state().read(view -> parameters.policies().shown(view, parameter, policy)))
        .build();
  }
}
