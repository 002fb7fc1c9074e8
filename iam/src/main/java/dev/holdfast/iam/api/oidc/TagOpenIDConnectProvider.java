// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.oidc;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.aws.iam.TagOpenIDConnectProviderRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.control.oidc.OidcProviders;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;

/** TagOpenIDConnectProvider. */
public record TagOpenIDConnectProvider(IamState iam)
    implements Operation<TagOpenIDConnectProviderRequest, Empty> {
  @Override
  public OperationModel<TagOpenIDConnectProviderRequest, Empty> model() {
    return IamModel.TAG_OPEN_ID_CONNECT_PROVIDER;
  }

  @Override
  public Access access(Call call, TagOpenIDConnectProviderRequest in) {
    return Access.of(
        OidcProviders.on("TagOpenIDConnectProvider", in.openIDConnectProviderArn())
            .requestTags(Tags.map(in.tags(), Tag::key, Tag::value)));
  }

  @Override
  public Empty handle(Call call, TagOpenIDConnectProviderRequest in) {
    return new Taggings(iam)
        .tag(call, OidcProviders.existing(call, in.openIDConnectProviderArn()), in.tags());
  }
}
