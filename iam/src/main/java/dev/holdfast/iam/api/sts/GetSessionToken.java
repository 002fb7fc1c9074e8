// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.sts;

import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.sts.GetSessionTokenRequest;
import dev.holdfast.aws.sts.GetSessionTokenResponse;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.IssuedSession;
import dev.holdfast.iam.control.SecondFactor;
import dev.holdfast.iam.control.Sessions;
import dev.holdfast.iam.model.SessionDocument;
import dev.holdfast.iam.model.SessionFacts.Owner;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Principal;
import java.time.Duration;
import java.util.Objects;

/**
 * GetSessionToken: temporary credentials of the calling user; needs no permission. With a code of
 * the user's device they tell of a second factor from then on.
 */
public record GetSessionToken(IamState iam, Sessions sessions)
    implements Operation<GetSessionTokenRequest, GetSessionTokenResponse> {
  private static final int DEFAULT_SECONDS = 43_200;
  private static final int ROOT_SECONDS = 3_600;

  @Override
  public OperationModel<GetSessionTokenRequest, GetSessionTokenResponse> model() {
    return StsModel.GET_SESSION_TOKEN;
  }

  @Override
  public Access access(Call call, GetSessionTokenRequest in) {
    return Access.SIGNED;
  }

  @Override
  public GetSessionTokenResponse handle(Call call, GetSessionTokenRequest in) {
    Principal principal = call.principal();
    if (principal.session() != null) {
      throw CommonError.ACCESS_DENIED
          .in(Protocol.QUERY)
          .because("Cannot call GetSessionToken with session credentials");
    }
    boolean shown = new SecondFactor(iam).shown(call, in.serialNumber(), in.tokenCode());
    int seconds = Objects.requireNonNullElse(in.durationSeconds(), DEFAULT_SECONDS);
    Principal.Identity identity = principal.identity();
    if (identity.kind() == Principal.Kind.ROOT) {
      seconds = Math.min(seconds, ROOT_SECONDS);
    }
    var owner =
        new Owner(identity.kind(), identity.account(), identity.uniqueId(), identity.name());
    IssuedSession session =
        sessions.drawBy(
            principal.accessKeyId(),
            new Sessions.Wanted(
                owner,
                "",
                Duration.ofSeconds(seconds),
                shown ? call.now() : null,
                null,
                SessionDocument.EMPTY,
                false),
            call.now());
    return iam.state()
        .commit(
            call,
            tx -> {
              SecondFactor.use(tx, call, in.serialNumber(), in.tokenCode());
              Sessions.keep(tx, session);
              return GetSessionTokenResponse.builder()
                  .credentials(StsWire.credentials(session))
                  .build();
            });
  }
}
