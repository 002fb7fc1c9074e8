// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.oidc;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UpdateOpenIDConnectProviderThumbprintRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.oidc.OidcProviders;
import dev.holdfast.iam.port.IssuerSites;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.List;

/** UpdateOpenIDConnectProviderThumbprint: these in place of those before. */
public record UpdateOpenIDConnectProviderThumbprint(IamState iam, IssuerSites sites)
    implements Operation<UpdateOpenIDConnectProviderThumbprintRequest, Empty> {
  @Override
  public OperationModel<UpdateOpenIDConnectProviderThumbprintRequest, Empty> model() {
    return IamModel.UPDATE_OPEN_ID_CONNECT_PROVIDER_THUMBPRINT;
  }

  @Override
  public Access access(Call call, UpdateOpenIDConnectProviderThumbprintRequest in) {
    return Access.of(
        OidcProviders.on("UpdateOpenIDConnectProviderThumbprint", in.openIDConnectProviderArn()));
  }

  @Override
  public Empty handle(Call call, UpdateOpenIDConnectProviderThumbprintRequest in) {
    List<String> thumbprints = OidcProviders.thumbprints(in.thumbprintList());
    return new OidcProviders(iam, sites)
        .change(
            call, in.openIDConnectProviderArn(), provider -> provider.withThumbprints(thumbprints));
  }
}
