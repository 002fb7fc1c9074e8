// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.issue;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetOutboundWebIdentityFederationInfoResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.issue.TokenIssuers;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** GetOutboundWebIdentityFederationInfo: where the account's tokens are from. */
public record GetOutboundWebIdentityFederationInfo(TokenIssuers issuers)
    implements Operation<Empty, GetOutboundWebIdentityFederationInfoResponse> {
  @Override
  public OperationModel<Empty, GetOutboundWebIdentityFederationInfoResponse> model() {
    return IamModel.GET_OUTBOUND_WEB_IDENTITY_FEDERATION_INFO;
  }

  @Override
  public Access access(Call call, Empty in) {
    return Access.of("iam:GetOutboundWebIdentityFederationInfo");
  }

  @Override
  public GetOutboundWebIdentityFederationInfoResponse handle(Call call, Empty in) {
    return issuers
        .issuing(call.account())
        .map(
            issuer ->
                GetOutboundWebIdentityFederationInfoResponse.builder()
                    .issuerIdentifier(issuers.url(call.account(), issuer))
                    .jwtVendingEnabled(true)
                    .build())
        .orElseThrow(TokenIssuers::disabled);
  }
}
