// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.sts;

import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.sts.FederatedUser;
import dev.holdfast.aws.sts.GetFederationTokenRequest;
import dev.holdfast.aws.sts.GetFederationTokenResponse;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.aws.sts.Tag;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.IssuedSession;
import dev.holdfast.iam.control.Sessions;
import dev.holdfast.iam.model.SessionDocument;
import dev.holdfast.iam.model.SessionFacts.Owner;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * GetFederationToken: a session of the calling user for somebody whom it names. It may do what both
 * the user and the session's policies allow, and what resources allow to the name itself.
 */
public record GetFederationToken(IamState iam, Sessions sessions)
    implements Operation<GetFederationTokenRequest, GetFederationTokenResponse> {
  private static final int DEFAULT_SECONDS = 43_200;
  private static final int ROOT_SECONDS = 3_600;

  @Override
  public OperationModel<GetFederationTokenRequest, GetFederationTokenResponse> model() {
    return StsModel.GET_FEDERATION_TOKEN;
  }

  @Override
  public Access access(Call call, GetFederationTokenRequest in) {
    Arn arn = arn(call.account(), in.name());
    Map<String, String> tags = Tags.map(in.tags(), Tag::key, Tag::value);
    Access access = Access.of(Demand.on("sts:GetFederationToken", arn).requestTags(tags));
    return tags.isEmpty() ? access : access.and(Demand.on("sts:TagSession", arn).requestTags(tags));
  }

  private static Arn arn(AccountId account, String name) {
    return Arn.global("sts", account, "federated-user/" + name);
  }

  @Override
  public GetFederationTokenResponse handle(Call call, GetFederationTokenRequest in) {
    Principal principal = call.principal();
    if (principal.session() != null) {
      throw CommonError.ACCESS_DENIED
          .in(Protocol.QUERY)
          .because("Cannot call GetFederationToken with session credentials");
    }
    Map<String, String> tags = StsWire.tags(in.tags());
    var limits = SessionLimits.of(in.policy(), in.policyArns(), tags);
    iam.state().read(view -> limits.requirePolicies(view, call.account()));
    Principal.Identity identity = principal.identity();
    int seconds = Objects.requireNonNullElse(in.durationSeconds(), DEFAULT_SECONDS);
    if (identity.kind() == Principal.Kind.ROOT) {
      seconds = Math.min(seconds, ROOT_SECONDS);
    }
    IssuedSession session =
        sessions.drawBy(
            principal.accessKeyId(),
            new Sessions.Wanted(
                new Owner(
                    identity.kind(), identity.account(), identity.uniqueId(), identity.name()),
                in.name(),
                Duration.ofSeconds(seconds),
                null,
                null,
                new SessionDocument(limits.policy(), limits.policyArns(), tags, List.of(), null),
                false),
            call.now());
    return iam.state()
        .commit(
            call,
            tx -> {
              Sessions.keep(tx, session);
              return response(call, in, session, limits);
            });
  }

  private static GetFederationTokenResponse response(
      Call call, GetFederationTokenRequest in, IssuedSession session, SessionLimits limits) {
    return GetFederationTokenResponse.builder()
        .credentials(StsWire.credentials(session))
        .federatedUser(
            FederatedUser.builder()
                .federatedUserId(call.account().digits() + ":" + in.name())
                .arn(arn(call.account(), in.name()).toString())
                .build())
        .packedPolicySize(limits.packedSize())
        .build();
  }
}
