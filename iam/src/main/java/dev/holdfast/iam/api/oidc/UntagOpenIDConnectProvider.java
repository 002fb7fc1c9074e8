// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.oidc;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UntagOpenIDConnectProviderRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.control.oidc.OidcProviders;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** UntagOpenIDConnectProvider. */
public record UntagOpenIDConnectProvider(IamState iam)
    implements Operation<UntagOpenIDConnectProviderRequest, Empty> {
  @Override
  public OperationModel<UntagOpenIDConnectProviderRequest, Empty> model() {
    return IamModel.UNTAG_OPEN_ID_CONNECT_PROVIDER;
  }

  @Override
  public Access access(Call call, UntagOpenIDConnectProviderRequest in) {
    return Access.of(
        OidcProviders.on("UntagOpenIDConnectProvider", in.openIDConnectProviderArn())
            .tagKeys(in.tagKeys()));
  }

  @Override
  public Empty handle(Call call, UntagOpenIDConnectProviderRequest in) {
    return new Taggings(iam)
        .untag(call, OidcProviders.existing(call, in.openIDConnectProviderArn()), in.tagKeys());
  }
}
