// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.AuthorizationData;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.GetAuthorizationTokenRequest;
import dev.holdfast.aws.ecr.GetAuthorizationTokenResponse;
import dev.holdfast.registry.token.Tokens;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Endpoint;
import dev.holdfast.service.Operation;
import java.util.Collections;
import java.util.function.Supplier;

/** {@code GetAuthorizationToken}: one token, which serves every account's registry here. */
public record GetAuthorizationToken(Tokens tokens, Supplier<Endpoint> endpoint)
    implements Operation<GetAuthorizationTokenRequest, GetAuthorizationTokenResponse> {

  @Override
  public OperationModel<GetAuthorizationTokenRequest, GetAuthorizationTokenResponse> model() {
    return EcrModel.GET_AUTHORIZATION_TOKEN;
  }

  @Override
  public Access access(Call call, GetAuthorizationTokenRequest in) {
    return Access.of("ecr:GetAuthorizationToken");
  }

  @Override
  public GetAuthorizationTokenResponse handle(Call call, GetAuthorizationTokenRequest in) {
    Tokens.Token token = tokens.issue(call);
    AuthorizationData data =
        AuthorizationData.builder()
            .authorizationToken(token.text())
            .expiresAt(token.expires())
            .proxyEndpoint(endpoint.get().url())
            .build();
    return GetAuthorizationTokenResponse.builder()
        .authorizationData(Collections.nCopies(Math.max(1, in.registryIds().size()), data))
        .build();
  }
}
