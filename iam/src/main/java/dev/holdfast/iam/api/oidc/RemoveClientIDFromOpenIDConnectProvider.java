// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.oidc;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.RemoveClientIDFromOpenIDConnectProviderRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.oidc.OidcProviders;
import dev.holdfast.iam.port.IssuerSites;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** RemoveClientIDFromOpenIDConnectProvider; a client that is not there is no error. */
public record RemoveClientIDFromOpenIDConnectProvider(IamState iam, IssuerSites sites)
    implements Operation<RemoveClientIDFromOpenIDConnectProviderRequest, Empty> {
  @Override
  public OperationModel<RemoveClientIDFromOpenIDConnectProviderRequest, Empty> model() {
    return IamModel.REMOVE_CLIENT_ID_FROM_OPEN_ID_CONNECT_PROVIDER;
  }

  @Override
  public Access access(Call call, RemoveClientIDFromOpenIDConnectProviderRequest in) {
    return Access.of(
        OidcProviders.on("RemoveClientIDFromOpenIDConnectProvider", in.openIDConnectProviderArn()));
  }

  @Override
  public Empty handle(Call call, RemoveClientIDFromOpenIDConnectProviderRequest in) {
    return new OidcProviders(iam, sites)
        .change(
            call, in.openIDConnectProviderArn(), provider -> provider.withoutClient(in.clientID()));
  }
}
