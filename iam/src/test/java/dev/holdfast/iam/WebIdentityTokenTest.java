// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Empty;
import dev.holdfast.aws.iam.CreateAccessKeyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyResponse;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.EnableOutboundWebIdentityFederationResponse;
import dev.holdfast.aws.iam.GetOutboundWebIdentityFederationInfoResponse;
import dev.holdfast.aws.iam.PutRolePolicyRequest;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sts.AssumeRoleRequest;
import dev.holdfast.aws.sts.AssumeRoleResponse;
import dev.holdfast.aws.sts.GetDelegatedAccessTokenRequest;
import dev.holdfast.aws.sts.GetWebIdentityTokenRequest;
import dev.holdfast.aws.sts.GetWebIdentityTokenResponse;
import dev.holdfast.aws.sts.Tag;
import dev.holdfast.iam.control.issue.TokenIssuers;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.TokenIssuer;
import dev.holdfast.iam.plan.oidc.Jwt;
import dev.holdfast.iam.plan.oidc.KeySet;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Principal;
import dev.holdfast.store.space.Urgency;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens by which others know who of an account calls them. */
class WebIdentityTokenTest {
  private static final String OWN = "https://sts.amazonaws.com/";

  private final Fixture f = new Fixture();
  private Credentials caller = new Credentials("", "", null);

  @BeforeEach
  void makeCaller() {
    f.call(
        f.administrator(),
        CreateUserRequest.builder()
            .userName("caller")
            .tags(List.of(dev.holdfast.aws.iam.Tag.builder().key("team").value("crew").build()))
            .build());
    var key =
        f.call(
                f.administrator(),
                CreateAccessKeyRequest.builder().userName("caller").build(),
                CreateAccessKeyResponse.class)
            .accessKey();
    caller = new Credentials(key.accessKeyId(), key.secretAccessKey(), null);
    policy(allow("sts:*", ""));
  }

  private static String allow(String action, String condition) {
    return """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"%s","Resource":"*"%s}]}\
    """
        .formatted(action, condition);
  }

  private void policy(String document) {
    f.call(
        f.administrator(),
        PutUserPolicyRequest.builder()
            .userName("caller")
            .policyName("p")
            .policyDocument(document)
            .build());
  }

  private String enable() {
    return Objects.requireNonNull(
        f.named(
                "EnableOutboundWebIdentityFederation",
                EnableOutboundWebIdentityFederationResponse.class)
            .issuerIdentifier());
  }

  private void disable() {
    Empty _ = f.named("DisableOutboundWebIdentityFederation", Empty.class);
  }

  private GetOutboundWebIdentityFederationInfoResponse info() {
    return f.named(
        "GetOutboundWebIdentityFederationInfo", GetOutboundWebIdentityFederationInfoResponse.class);
  }

  private static GetWebIdentityTokenRequest.Builder request() {
    return GetWebIdentityTokenRequest.builder()
        .audience(List.of("https://api.example.com"))
        .signingAlgorithm("ES384");
  }

  private GetWebIdentityTokenResponse get(Principal who, GetWebIdentityTokenRequest.Builder in) {
    return f.call(who, in.build(), GetWebIdentityTokenResponse.class);
  }

  private String token(GetWebIdentityTokenRequest.Builder in) {
    return Objects.requireNonNull(get(f.principal(caller), in).webIdentityToken());
  }

  private static JsonObject part(String token, int index) {
    return Json.parseObject(Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]));
  }

  private TokenIssuer issuer() {
    return f.state.read(view -> view.list(IamTables.TOKEN_ISSUERS, f.account)).getFirst();
  }

  /** The keys that are published now. */
  private JsonArray published() {
    return new JsonArray(
        issuer().keys().stream()
            .filter(key -> key.vouches(f.now))
            .<JsonValue>map(key -> Json.parse(key.jwk()))
            .toList());
  }

  private KeySet.Verdict judged(String token) {
    return KeySet.parse(Json.bytes(JsonObject.EMPTY.with("keys", published())))
        .orElseThrow()
        .judge(Jwt.parse(token));
  }

  private static void refused(String code, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.code()).as(e.text()).isEqualTo(code);
              assertThat(e.text()).contains(text);
            });
  }

  @Test
  void nothingIsIssuedBeforeTheAccountSaysSo() {
    refused(
        "OutboundWebIdentityFederationDisabledException", "not enabled", () -> token(request()));
    refused("FeatureDisabled", "disabled", this::info);
    refused("FeatureDisabled", "disabled", this::disable);
    String issuer = enable();
    assertThat(info().issuerIdentifier()).isEqualTo(issuer);
    assertThat(info().jwtVendingEnabled()).isTrue();
    refused("FeatureEnabled", "already", this::enable);
    disable();
    refused("FeatureDisabled", "disabled", this::info);
    refused(
        "OutboundWebIdentityFederationDisabledException", "not enabled", () -> token(request()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES384"})
  void thePublishedKeysProveAToken(String algorithm) {
    enable();
    String token = token(request().signingAlgorithm(algorithm));
    assertThat(judged(token)).isEqualTo(KeySet.Verdict.GOOD);
    assertThat(part(token, 0).string("alg")).isEqualTo(algorithm);
    String[] parts = token.split("\\.", -1);
    String forged =
        parts[0]
            + '.'
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Json.bytes(part(token, 1).with("sub", "arn:aws:iam::1:user/boss")))
            + '.'
            + parts[2];
    assertThat(judged(forged)).isEqualTo(KeySet.Verdict.BAD);
  }

  @Test
  void aTokenSaysWhoAskedForItAndForWhom() {
    String issuer = enable();
    JsonObject claims =
        part(
            token(
                request()
                    .tags(List.of(Tag.builder().key("job").value("7").build()))
                    .durationSeconds(900)),
            1);
    String arn = "arn:aws:iam::" + f.account + ":user/caller";
    assertThat(issuer).startsWith("https://harbour.test/_holdfast/issuers/" + f.account + "/");
    assertThat(claims.string("iss")).isEqualTo(issuer);
    assertThat(claims.string("aud")).isEqualTo("https://api.example.com");
    assertThat(claims.string("sub")).isEqualTo(arn);
    assertThat(Json.text(claims))
        .contains("\"iat\":" + f.now.getEpochSecond())
        .contains("\"exp\":" + (f.now.getEpochSecond() + 900));
    JsonObject own = claims.object(OWN);
    assertThat(own.string("aws_account")).isEqualTo(f.account.digits());
    assertThat(own.string("principal_id")).isEqualTo(arn);
    assertThat(own.object("principal_tags").string("team")).isEqualTo("crew");
    assertThat(own.object("request_tags").string("job")).isEqualTo("7");
    assertThat(own.string("original_session_exp")).isNull();
    assertThat(claims.string("jti")).isNotEqualTo(part(token(request()), 1).string("jti"));
  }

  @Test
  void severalAudiencesAreAList() {
    enable();
    JsonObject claims = part(token(request().audience(List.of("one", "two"))), 1);
    assertThat(Json.text(claims)).contains("\"aud\":[\"one\",\"two\"]");
  }

  @Test
  void aRoleIsNamedByItselfAndATokenEndsWithItsSession() {
    enable();
    String trust =
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"sts:AssumeRole"}]}\
        """
            .formatted(f.account);
    f.call(
        f.administrator(),
        CreateRoleRequest.builder()
            .roleName("job")
            .path("/ci/")
            .assumeRolePolicyDocument(trust)
            .build());
    f.call(
        f.administrator(),
        PutRolePolicyRequest.builder()
            .roleName("job")
            .policyName("p")
            .policyDocument(allow("sts:GetWebIdentityToken", ""))
            .build());
    String role = "arn:aws:iam::" + f.account + ":role/ci/job";
    var keys =
        Objects.requireNonNull(
            f.call(
                    f.principal(caller),
                    AssumeRoleRequest.builder()
                        .roleArn(role)
                        .roleSessionName("build")
                        .durationSeconds(900)
                        .build(),
                    AssumeRoleResponse.class)
                .credentials());
    var session = new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
    refused(
        "SessionDurationEscalationException",
        "beyond",
        () -> get(f.principal(session), request().durationSeconds(901)));
    var out = get(f.principal(session), request().durationSeconds(900));
    assertThat(out.expiration()).isEqualTo(f.now.plusSeconds(900));
    JsonObject claims = part(Objects.requireNonNull(out.webIdentityToken()), 1);
    assertThat(claims.string("sub")).isEqualTo(role);
    assertThat(claims.object(OWN).string("original_session_exp"))
        .isEqualTo(f.now.plusSeconds(900).toString());
  }

  @Test
  void conditionsJudgeWhatIsAskedFor() {
    enable();
    String audience =
        ",\"Condition\":{\"ForAllValues:StringEquals\":{\"sts:IdentityTokenAudience\":\"https://api.example.com\"}}";
    String lasting = ",\"Condition\":{\"NumericLessThanEquals\":{\"sts:DurationSeconds\":\"300\"}}";
    String algorithm = ",\"Condition\":{\"StringEquals\":{\"sts:SigningAlgorithm\":\"ES384\"}}";
    String denied = "sts:GetWebIdentityToken";
    policy(allow("sts:GetWebIdentityToken", audience));
    refused("AccessDenied", denied, () -> token(request().audience(List.of("other"))));
    assertThat(token(request())).isNotEmpty();
    policy(allow("sts:GetWebIdentityToken", lasting));
    refused("AccessDenied", denied, () -> token(request().durationSeconds(301)));
    assertThat(token(request())).as("the default is 300 seconds").isNotEmpty();
    policy(allow("sts:GetWebIdentityToken", algorithm));
    refused("AccessDenied", denied, () -> token(request().signingAlgorithm("RS256")));
    assertThat(token(request())).isNotEmpty();
  }

  @Test
  void tagsNeedTheTaggingAction() {
    enable();
    var tagged = request().tags(List.of(Tag.builder().key("job").value("7").build()));
    policy(allow("sts:GetWebIdentityToken", ""));
    refused("AccessDenied", "sts:TagGetWebIdentityToken", () -> token(tagged));
    policy(allow("sts:*GetWebIdentityToken", ""));
    assertThat(token(tagged)).isNotEmpty();
  }

  @Test
  void whatIsTooLongOrOfAnotherAlgorithmIsRefused() {
    enable();
    List<Tag> tags =
        IntStream.range(0, 30)
            .mapToObj(i -> Tag.builder().key("k" + i).value("v".repeat(256)).build())
            .toList();
    refused("JWTPayloadSizeExceededException", "bytes", () -> token(request().tags(tags)));
    refused("ValidationError", "RS256", () -> token(request().signingAlgorithm("HS256")));
  }

  @Test
  void keysVouchForWhatTheySignedUntilItEnds() {
    String issuer = enable();
    String before = token(request().durationSeconds(3600));
    disable();
    assertThat(issuer().keys()).extracting(TokenIssuer.Key::privateKey).containsOnly("");
    assertThat(judged(before)).isEqualTo(KeySet.Verdict.GOOD);
    f.pass(Duration.ofMinutes(30));
    assertThat(enable()).isEqualTo(issuer);
    String after = token(request());
    assertThat(part(after, 0).string("kid")).isNotEqualTo(part(before, 0).string("kid"));
    assertThat(judged(before)).isEqualTo(KeySet.Verdict.GOOD);
    assertThat(judged(after)).isEqualTo(KeySet.Verdict.GOOD);
    f.pass(Duration.ofMinutes(36));
    assertThat(judged(before)).isEqualTo(KeySet.Verdict.UNKNOWN_KEY);
    assertThat(judged(after)).isEqualTo(KeySet.Verdict.GOOD);
  }

  @Test
  void keysAreNotMadeWithoutEnd() {
    for (int i = 0; i < TokenIssuer.MOST_KEYS / 2; i++) {
      String _ = enable();
      disable();
    }
    refused("Throttling", "an hour", this::enable);
    f.pass(Duration.ofMinutes(66));
    assertThat(enable()).isNotEmpty();
    assertThat(published().items()).hasSize(2);
  }

  @Test
  void afterARestoreNothingIsIssuedByTheKeysOfBefore() {
    String url = enable();
    String before = token(request());
    String _ =
        f.state.own(
            Urgency.VITAL,
            tx -> {
              TokenIssuers.forget(tx);
              return url;
            });
    refused("FeatureDisabled", "disabled", this::info);
    assertThat(issuer().keys()).isEmpty();
    assertThat(enable()).isEqualTo(url);
    assertThat(judged(before)).isEqualTo(KeySet.Verdict.UNKNOWN_KEY);
  }

  @Test
  void aKeyIsNotWrittenDown() {
    enable();
    TokenIssuer issuer = issuer();
    issuer.keys().forEach(key -> assertThat(issuer.toString()).doesNotContain(key.privateKey()));
  }

  @Test
  void noPartnersTokenIsGood() {
    refused(
        "ExpiredTradeInTokenException",
        "trade-in token",
        () ->
            f.call(
                f.principal(caller),
                GetDelegatedAccessTokenRequest.builder().tradeInToken("token").build()));
    policy(allow("sts:GetWebIdentityToken", ""));
    refused(
        "AccessDenied",
        "sts:GetDelegatedAccessToken",
        () ->
            f.call(
                f.principal(caller),
                GetDelegatedAccessTokenRequest.builder().tradeInToken("token").build()));
  }
}
