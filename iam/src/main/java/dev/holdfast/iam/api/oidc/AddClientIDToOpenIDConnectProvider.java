// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.oidc;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.AddClientIDToOpenIDConnectProviderRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.oidc.OidcProviders;
import dev.holdfast.iam.port.IssuerSites;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** AddClientIDToOpenIDConnectProvider; adding a client twice is once. */
public record AddClientIDToOpenIDConnectProvider(IamState iam, IssuerSites sites)
    implements Operation<AddClientIDToOpenIDConnectProviderRequest, Empty> {
  @Override
  public OperationModel<AddClientIDToOpenIDConnectProviderRequest, Empty> model() {
    return IamModel.ADD_CLIENT_ID_TO_OPEN_ID_CONNECT_PROVIDER;
  }

  @Override
  public Access access(Call call, AddClientIDToOpenIDConnectProviderRequest in) {
    return Access.of(
        OidcProviders.on("AddClientIDToOpenIDConnectProvider", in.openIDConnectProviderArn()));
  }

  @Override
  public Empty handle(Call call, AddClientIDToOpenIDConnectProviderRequest in) {
    return new OidcProviders(iam, sites)
        .change(
            call, in.openIDConnectProviderArn(), provider -> provider.withClient(in.clientID()));
  }
}
