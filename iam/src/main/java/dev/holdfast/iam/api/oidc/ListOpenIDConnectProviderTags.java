// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.oidc;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListOpenIDConnectProviderTagsRequest;
import dev.holdfast.aws.iam.ListOpenIDConnectProviderTagsResponse;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.control.oidc.OidcProviders;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;

/** ListOpenIDConnectProviderTags. */
public record ListOpenIDConnectProviderTags(IamState iam)
    implements Operation<
        ListOpenIDConnectProviderTagsRequest, ListOpenIDConnectProviderTagsResponse> {
  @Override
  public OperationModel<ListOpenIDConnectProviderTagsRequest, ListOpenIDConnectProviderTagsResponse>
      model() {
    return IamModel.LIST_OPEN_ID_CONNECT_PROVIDER_TAGS;
  }

  @Override
  public Access access(Call call, ListOpenIDConnectProviderTagsRequest in) {
    return Access.of(
        OidcProviders.on("ListOpenIDConnectProviderTags", in.openIDConnectProviderArn()));
  }

  @Override
  public ListOpenIDConnectProviderTagsResponse handle(
      Call call, ListOpenIDConnectProviderTagsRequest in) {
    Page<Tag> page =
        new Taggings(iam)
            .list(
                call,
                OidcProviders.existing(call, in.openIDConnectProviderArn()),
                in.marker(),
                in.maxItems());
    return ListOpenIDConnectProviderTagsResponse.builder()
        .tags(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
