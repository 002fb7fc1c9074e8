// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.issue;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.issue.TokenIssuers;
import dev.holdfast.iam.model.TokenIssuer;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DisableOutboundWebIdentityFederation: no token more; those that were issued run out. */
public record DisableOutboundWebIdentityFederation(TokenIssuers issuers)
    implements Operation<Empty, Empty> {
  @Override
  public OperationModel<Empty, Empty> model() {
    return IamModel.DISABLE_OUTBOUND_WEB_IDENTITY_FEDERATION;
  }

  @Override
  public Access access(Call call, Empty in) {
    return Access.of("iam:DisableOutboundWebIdentityFederation");
  }

  @Override
  public Empty handle(Call call, Empty in) {
    TokenIssuer _ = issuers.disable(call);
    return new Empty();
  }
}
