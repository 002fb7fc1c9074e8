// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.sts;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.sts.GetCallerIdentityRequest;
import dev.holdfast.aws.sts.GetCallerIdentityResponse;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** GetCallerIdentity: a signature is enough, and no policy denies it. */
public record GetCallerIdentity()
    implements Operation<GetCallerIdentityRequest, GetCallerIdentityResponse> {
  @Override
  public OperationModel<GetCallerIdentityRequest, GetCallerIdentityResponse> model() {
    return StsModel.GET_CALLER_IDENTITY;
  }

  @Override
  public Access access(Call call, GetCallerIdentityRequest in) {
    return Access.SIGNED;
  }

  @Override
  public GetCallerIdentityResponse handle(Call call, GetCallerIdentityRequest in) {
    return GetCallerIdentityResponse.builder()
        .userId(call.principal().userId())
        .account(call.account().digits())
        .arn(call.principal().arn().toString())
        .build();
  }
}
