// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.issue;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.EnableOutboundWebIdentityFederationResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.issue.TokenIssuers;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** EnableOutboundWebIdentityFederation: who of the account calls can be proved to others. */
public record EnableOutboundWebIdentityFederation(TokenIssuers issuers)
    implements Operation<Empty, EnableOutboundWebIdentityFederationResponse> {
  @Override
  public OperationModel<Empty, EnableOutboundWebIdentityFederationResponse> model() {
    return IamModel.ENABLE_OUTBOUND_WEB_IDENTITY_FEDERATION;
  }

  @Override
  public Access access(Call call, Empty in) {
    return Access.of("iam:EnableOutboundWebIdentityFederation");
  }

  @Override
  public EnableOutboundWebIdentityFederationResponse handle(Call call, Empty in) {
    return EnableOutboundWebIdentityFederationResponse.builder()
        .issuerIdentifier(issuers.url(call.account(), issuers.enable(call)))
        .build();
  }
}
