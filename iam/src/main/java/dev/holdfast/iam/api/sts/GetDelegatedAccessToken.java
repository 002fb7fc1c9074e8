// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.sts;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.sts.GetDelegatedAccessTokenRequest;
import dev.holdfast.aws.sts.GetDelegatedAccessTokenResponse;
import dev.holdfast.aws.sts.StsError;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/**
 * GetDelegatedAccessToken: trades in what AWS hands to its product partners. Nobody hands out such
 * tokens here, so that none is good, whatever it is.
 */
public record GetDelegatedAccessToken()
    implements Operation<GetDelegatedAccessTokenRequest, GetDelegatedAccessTokenResponse> {
  @Override
  public OperationModel<GetDelegatedAccessTokenRequest, GetDelegatedAccessTokenResponse> model() {
    return StsModel.GET_DELEGATED_ACCESS_TOKEN;
  }

  @Override
  public Access access(Call call, GetDelegatedAccessTokenRequest in) {
    return Access.of("sts:GetDelegatedAccessToken");
  }

  @Override
  public GetDelegatedAccessTokenResponse handle(Call call, GetDelegatedAccessTokenRequest in) {
    throw StsError.EXPIRED_TRADE_IN_TOKEN.because(
        "The trade-in token provided in the request has expired and can no longer be exchanged for"
            + " credentials. Request a new token and retry the operation.");
  }
}
