// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.oidc;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeleteOpenIDConnectProviderRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.oidc.OidcProviders;
import dev.holdfast.iam.port.IssuerSites;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeleteOpenIDConnectProvider. */
public record DeleteOpenIDConnectProvider(IamState iam, IssuerSites sites)
    implements Operation<DeleteOpenIDConnectProviderRequest, Empty> {
  @Override
  public OperationModel<DeleteOpenIDConnectProviderRequest, Empty> model() {
    return IamModel.DELETE_OPEN_ID_CONNECT_PROVIDER;
  }

  @Override
  public Access access(Call call, DeleteOpenIDConnectProviderRequest in) {
    return Access.of(
        OidcProviders.on("DeleteOpenIDConnectProvider", in.openIDConnectProviderArn()));
  }

  @Override
  public Empty handle(Call call, DeleteOpenIDConnectProviderRequest in) {
    return new OidcProviders(iam, sites).delete(call, in.openIDConnectProviderArn());
  }
}
