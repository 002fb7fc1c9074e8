// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.oidc;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.CreateOpenIDConnectProviderRequest;
import dev.holdfast.aws.iam.CreateOpenIDConnectProviderResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.control.oidc.OidcProviders;
import dev.holdfast.iam.model.OidcProvider;
import dev.holdfast.iam.port.IssuerSites;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import java.util.List;
import java.util.Map;

/**
 * CreateOpenIDConnectProvider. Where no thumbprint is given the site is asked for its certificate.
 */
public record CreateOpenIDConnectProvider(IamState iam, IssuerSites sites)
    implements Operation<CreateOpenIDConnectProviderRequest, CreateOpenIDConnectProviderResponse> {
  @Override
  public OperationModel<CreateOpenIDConnectProviderRequest, CreateOpenIDConnectProviderResponse>
      model() {
    return IamModel.CREATE_OPEN_ID_CONNECT_PROVIDER;
  }

  @Override
  public Access access(Call call, CreateOpenIDConnectProviderRequest in) {
    Arn arn = OidcProvider.arn(call.account(), OidcProviders.site(in.url()));
    Map<String, String> tags = Tags.map(in.tags(), Tag::key, Tag::value);
    Access access = Access.of(Demand.on("iam:CreateOpenIDConnectProvider", arn).requestTags(tags));
    return tags.isEmpty()
        ? access
        : access.and(Demand.on("iam:TagOpenIDConnectProvider", arn).requestTags(tags));
  }

  @Override
  public CreateOpenIDConnectProviderResponse handle(
      Call call, CreateOpenIDConnectProviderRequest in) {
    Map<String, String> tags = Taggings.given(in.tags());
    String site = OidcProviders.site(in.url());
    List<String> clients = in.clientIDList().stream().distinct().toList();
    List<String> thumbprints =
        new OidcProviders(iam, sites).thumbprints(call.account(), site, in.thumbprintList());
    var provider = new OidcProvider(site, clients, thumbprints, call.now());
    return iam.state()
        .commit(
            call,
            tx -> {
              OidcProviders.add(tx, call, provider, tags);
              return CreateOpenIDConnectProviderResponse.builder()
                  .openIDConnectProviderArn(provider.arn(call.account()).toString())
                  .tags(Taggings.shapes(tags))
                  .build();
            });
  }
}
