// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.sts;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.sts.GetWebIdentityTokenRequest;
import dev.holdfast.aws.sts.GetWebIdentityTokenResponse;
import dev.holdfast.aws.sts.StsError;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.aws.sts.Tag;
import dev.holdfast.iam.control.issue.TokenIssuers;
import dev.holdfast.iam.model.TokenIssuer;
import dev.holdfast.iam.plan.issue.SigningAlgorithm;
import dev.holdfast.iam.plan.issue.TokenClaims;
import dev.holdfast.kit.Ids;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Tags;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;

/**
 * GetWebIdentityToken: a signed token by which another service knows who calls it. It opens nothing
 * here.
 */
public record GetWebIdentityToken(TokenIssuers issuers)
    implements Operation<GetWebIdentityTokenRequest, GetWebIdentityTokenResponse> {
  private static final int DEFAULT_SECONDS = 300;

  /** So that a token stays below 9 KB; AWS does not tell its own measure. */
  private static final int MOST_BYTES = 6144;

  @Override
  public OperationModel<GetWebIdentityTokenRequest, GetWebIdentityTokenResponse> model() {
    return StsModel.GET_WEB_IDENTITY_TOKEN;
  }

  @Override
  public Access access(Call call, GetWebIdentityTokenRequest in) {
    Map<String, String> tags = Tags.map(in.tags(), Tag::key, Tag::value);
    Access access =
        Access.of(
            Demand.on("sts:GetWebIdentityToken")
                .keys("sts:IdentityTokenAudience", in.audience())
                .key("sts:SigningAlgorithm", in.signingAlgorithm())
                .key("sts:DurationSeconds", Integer.toString(seconds(in)))
                .requestTags(tags));
    return tags.isEmpty()
        ? access
        : access.and(Demand.on("sts:TagGetWebIdentityToken").requestTags(tags));
  }

  private static int seconds(GetWebIdentityTokenRequest in) {
    return Objects.requireNonNullElse(in.durationSeconds(), DEFAULT_SECONDS);
  }

  @Override
  public GetWebIdentityTokenResponse handle(Call call, GetWebIdentityTokenRequest in) {
    SigningAlgorithm algorithm =
        SigningAlgorithm.named(in.signingAlgorithm())
            .orElseThrow(
                () ->
                    StsWire.invalid(
                        "1 validation error detected: Value '%s' at 'signingAlgorithm' failed to"
                            + " satisfy constraint: Member must satisfy enum value set: [RS256,"
                            + " ES384]",
                        in.signingAlgorithm()));
    Map<String, String> tags = StsWire.tags(in.tags());
    var lasting = Duration.ofSeconds(seconds(in));
    requireWithinSession(call, lasting);
    TokenIssuer issuer =
        issuers
            .issuing(call.account())
            .orElseThrow(
                () ->
                    StsError.OUTBOUND_WEB_IDENTITY_FEDERATION_DISABLED.because(
                        "The outbound web identity federation feature is not enabled for this"
                            + " account: iam enable-outbound-web-identity-federation enables it."));
    var claims =
        new TokenClaims(
            issuers.url(call.account(), issuer),
            Ids.uuid(issuers.iam().random()),
            in.audience(),
            call.principal(),
            call.region(),
            tags);
    byte[] json = claims.json(call.now(), lasting);
    if (json.length > MOST_BYTES) {
      throw StsError.JWT_PAYLOAD_SIZE_EXCEEDED.because(
          "The token would claim %d bytes, and may claim %d: ask for fewer tags or audiences.",
          json.length, MOST_BYTES);
    }
    return GetWebIdentityTokenResponse.builder()
        .webIdentityToken(algorithm.token(issuer.signing(algorithm.name()).orElseThrow(), json))
        .expiration(call.now().truncatedTo(ChronoUnit.SECONDS).plus(lasting))
        .build();
  }

  /** A token that outlived the session would make it last longer than whoever opened it wanted. */
  private static void requireWithinSession(Call call, Duration lasting) {
    Principal.Session session = call.principal().session();
    if (session != null && call.now().plus(lasting).isAfter(session.expires())) {
      throw StsError.SESSION_DURATION_ESCALATION.because(
          "The requested token duration would extend the session beyond its original expiration"
              + " time, %s.",
          session.expires());
    }
  }
}
