// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.oidc;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetOpenIDConnectProviderRequest;
import dev.holdfast.aws.iam.GetOpenIDConnectProviderResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.control.oidc.OidcProviders;
import dev.holdfast.iam.model.OidcProvider;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;

/** GetOpenIDConnectProvider; the URL is shown without its scheme, as by AWS. */
public record GetOpenIDConnectProvider(IamState iam)
    implements Operation<GetOpenIDConnectProviderRequest, GetOpenIDConnectProviderResponse> {
  @Override
  public OperationModel<GetOpenIDConnectProviderRequest, GetOpenIDConnectProviderResponse> model() {
    return IamModel.GET_OPEN_ID_CONNECT_PROVIDER;
  }

  @Override
  public Access access(Call call, GetOpenIDConnectProviderRequest in) {
    return Access.of(OidcProviders.on("GetOpenIDConnectProvider", in.openIDConnectProviderArn()));
  }

  @Override
  public GetOpenIDConnectProviderResponse handle(Call call, GetOpenIDConnectProviderRequest in) {
    return iam.state()
        .read(
            view -> {
              OidcProvider provider =
                  OidcProviders.provider(view, call.account(), in.openIDConnectProviderArn());
              return GetOpenIDConnectProviderResponse.builder()
                  .url(provider.site())
                  .clientIDList(provider.clientIds())
                  .thumbprintList(provider.thumbprints())
                  .createDate(Wire.date(provider.created()))
                  .tags(
                      Taggings.shapes(Tags.of(view, call.account(), provider.arn(call.account()))))
                  .build();
            });
  }
}
