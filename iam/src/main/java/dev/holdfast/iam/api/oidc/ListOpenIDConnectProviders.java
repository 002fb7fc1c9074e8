// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.oidc;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListOpenIDConnectProvidersRequest;
import dev.holdfast.aws.iam.ListOpenIDConnectProvidersResponse;
import dev.holdfast.aws.iam.OpenIDConnectProviderListEntry;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.oidc.OidcProviders;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** ListOpenIDConnectProviders. */
public record ListOpenIDConnectProviders(IamState iam)
    implements Operation<ListOpenIDConnectProvidersRequest, ListOpenIDConnectProvidersResponse> {
  @Override
  public OperationModel<ListOpenIDConnectProvidersRequest, ListOpenIDConnectProvidersResponse>
      model() {
    return IamModel.LIST_OPEN_ID_CONNECT_PROVIDERS;
  }

  @Override
  public Access access(Call call, ListOpenIDConnectProvidersRequest in) {
    return Access.of("iam:ListOpenIDConnectProviders");
  }

  @Override
  public ListOpenIDConnectProvidersResponse handle(
      Call call, ListOpenIDConnectProvidersRequest in) {
    return iam.state()
        .read(
            view ->
                ListOpenIDConnectProvidersResponse.builder()
                    .openIDConnectProviderList(
                        OidcProviders.all(view, call.account()).stream()
                            .map(
                                provider ->
                                    OpenIDConnectProviderListEntry.builder()
                                        .arn(provider.arn(call.account()).toString())
                                        .build())
                            .toList())
                    .build());
  }
}
