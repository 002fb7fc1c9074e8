// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.iam.CreateOpenIDConnectProviderRequest;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.DeleteOpenIDConnectProviderRequest;
import dev.holdfast.aws.iam.PutRolePolicyRequest;
import dev.holdfast.aws.iam.UpdateAssumeRolePolicyRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sts.AssumeRoleWithWebIdentityRequest;
import dev.holdfast.aws.sts.AssumeRoleWithWebIdentityResponse;
import dev.holdfast.iam.plan.oidc.TokenMaker;
import dev.holdfast.policy.Caller;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions of roles for whom an identity provider vouches. */
class WebIdentityTest {
  private static final KeyPair KEY = TokenMaker.rsa(2048);
  private static final KeyPair OTHER = TokenMaker.rsa(2048);
  private static final String ISSUER = "https://issuer.test/realms/shop";
  private static final String SITE = "issuer.test/realms/shop";

  private final Fixture f = new Fixture();

  @BeforeEach
  void publish() {
    f.sites.publish(ISSUER, TokenMaker.keySet(TokenMaker.jwk(KEY, "k1")));
    provider(ISSUER);
    role(
        "deploy",
        trust(
            "\"StringEquals\":{\"" + SITE + ":aud\":\"app\",\"" + SITE + ":sub\":\"repo:shop\"}"));
  }

  private void provider(String issuer) {
    f.call(
        f.administrator(),
        CreateOpenIDConnectProviderRequest.builder()
            .url(issuer)
            .clientIDList(List.of("app", "other"))
            .thumbprintList(List.of(FakeSites.THUMBPRINT))
            .build());
  }

  private String providerArn() {
    return "arn:aws:iam::" + f.account + ":oidc-provider/" + SITE;
  }

  private String trust(String condition) {
    return trust("[\"sts:AssumeRoleWithWebIdentity\"]", condition);
  }

  private String trust(String actions, String condition) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\""
        + providerArn()
        + "\"},\"Action\":"
        + actions
        + (condition.isEmpty() ? "" : ",\"Condition\":{" + condition + "}")
        + "}]}";
  }

  private void role(String name, String trust) {
    f.call(
        f.administrator(),
        CreateRoleRequest.builder().roleName(name).assumeRolePolicyDocument(trust).build());
    permit(name, "{\"Effect\":\"Allow\",\"Action\":\"ecs:ListClusters\",\"Resource\":\"*\"}");
  }

  private void permit(String role, String statement) {
    f.call(
        f.administrator(),
        PutRolePolicyRequest.builder()
            .roleName(role)
            .policyName("p")
            .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[" + statement + "]}")
            .build());
  }

  private String roleArn(String name) {
    return "arn:aws:iam::" + f.account + ":role/" + name;
  }

  private String claims(String more) {
    long now = f.now.getEpochSecond();
    return "{\"iss\":\"%s\",\"sub\":\"repo:shop\",\"aud\":\"app\",\"iat\":%d,\"exp\":%d%s}"
        .formatted(ISSUER, now - 5, now + 300, more);
  }

  private String token(String claims) {
    return TokenMaker.token(KEY, "RS256", "k1", claims);
  }

  private AssumeRoleWithWebIdentityRequest request(String role, String token) {
    return AssumeRoleWithWebIdentityRequest.builder()
        .roleArn(roleArn(role))
        .roleSessionName("run")
        .webIdentityToken(token)
        .build();
  }

  private AssumeRoleWithWebIdentityResponse assume(String role, String token) {
    return f.unsigned(request(role, token), AssumeRoleWithWebIdentityResponse.class);
  }

  private Principal session(AssumeRoleWithWebIdentityResponse out) {
    var keys = Objects.requireNonNull(out.credentials());
    return f.principal(
        new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()));
  }

  private static void refused(String code, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.code()).as(e.text()).isEqualTo(code);
              assertThat(e.text()).startsWith(text);
            });
  }

  private void invalid(String text, String token) {
    refused("InvalidIdentityToken", text, () -> assume("deploy", token));
  }

  @Test
  void opensASessionOfTheRole() {
    var out = assume("deploy", token(claims("")));
    assertThat(out.subjectFromWebIdentityToken()).isEqualTo("repo:shop");
    assertThat(out.audience()).isEqualTo("app");
    assertThat(out.provider()).isEqualTo(providerArn());
    assertThat(Objects.requireNonNull(out.assumedRoleUser()).arn())
        .isEqualTo("arn:aws:sts::" + f.account + ":assumed-role/deploy/run");
    Principal session = session(out);
    assertThat(session.arn()).hasToString("arn:aws:sts::" + f.account + ":assumed-role/deploy/run");
    f.require(session, Demand.on("ecs:ListClusters"));
    assertThatThrownBy(() -> f.require(session, Demand.on("ecs:ListServices")))
        .isInstanceOf(ApiError.class);
  }

  @Test
  void theTrustPolicyDecides() {
    refused(
        "AccessDenied",
        "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        () -> assume("deploy", token(claims("").replace("repo:shop", "repo:other"))));
    refused(
        "AccessDenied",
        "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        () -> assume("deploy", token(claims("").replace("\"app\"", "\"other\""))));
    refused(
        "AccessDenied",
        "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        () -> assume("absent", token(claims(""))));
  }

  /** A provider may vouch for the whole world: what is proposed is for the one who asked. */
  @Test
  void whatIsProposedTrustsNobodyElseOfTheProvider() {
    ApiError refusal =
        catchThrowableOfType(
            ApiError.class,
            () -> assume("deploy", token(claims("").replace("repo:shop", "repo:${x}*"))));
    String text =
        f.iam
            .explain(refusal.text().replaceAll(".*authorization id: ([0-9a-f-]+).*", "$1"))
            .orElseThrow();
    String statement =
        text.lines().map(String::strip).filter(l -> l.startsWith("{")).findFirst().orElseThrow();
    assertThat(statement).contains(SITE + ":sub", SITE + ":aud");
    role("wide", "{\"Version\":\"2012-10-17\",\"Statement\":[" + statement + "]}");
    assume("wide", token(claims("").replace("repo:shop", "repo:${x}*")));
    for (String other : List.of("repo:shop", "repo:${x}y", "repo:${x}")) {
      refused(
          "AccessDenied",
          "Not authorized",
          () -> assume("wide", token(claims("").replace("repo:shop", other))));
    }
    refused(
        "AccessDenied",
        "Not authorized",
        () ->
            assume(
                "wide",
                token(
                    claims("")
                        .replace("repo:shop", "repo:${x}*")
                        .replace("\"app\"", "\"other\""))));
  }

  @Test
  void aRoleForTheAccountIsNotForWhomAProviderVouches() {
    role(
        "inside",
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},"
            + "\"Action\":[\"sts:AssumeRole\",\"sts:AssumeRoleWithWebIdentity\"]}]}");
    refused("AccessDenied", "Not authorized", () -> assume("inside", token(claims(""))));
  }

  @Test
  void anotherProviderIsNotTrusted() {
    String issuer = "https://evil.test";
    f.sites.publish(issuer, TokenMaker.keySet(TokenMaker.jwk(OTHER, "k1")));
    provider(issuer);
    String token = TokenMaker.token(OTHER, "RS256", "k1", claims("").replace(ISSUER, issuer));
    refused("AccessDenied", "Not authorized", () -> assume("deploy", token));
  }

  @Test
  void nobodyElsesSignatureIsTaken() {
    invalid(
        "The web identity token's signature is not valid.",
        TokenMaker.token(OTHER, "RS256", "k1", claims("")));
    invalid(
        "Couldn't retrieve verification key from your identity provider",
        TokenMaker.token(OTHER, "RS256", "k2", claims("")));
    invalid("The ID Token provided is not a valid JWT.", "abcd");
  }

  @Test
  void theIssuerMustBeAProviderOfTheAccount() {
    invalid(
        "No OpenIDConnect provider found in your account for https://unknown.test",
        token(claims("").replace(ISSUER, "https://unknown.test")));
    invalid(
        "No OpenIDConnect provider found in your account for " + ISSUER + "/",
        token(claims("").replace(ISSUER, ISSUER + "/")));
    var elsewhere = f.iam.accounts().create().account();
    var request =
        request("deploy", token(claims(""))).toBuilder()
            .roleArn("arn:aws:iam::" + elsewhere + ":role/deploy")
            .build();
    refused(
        "InvalidIdentityToken",
        "No OpenIDConnect provider found in your account",
        () -> f.unsigned(request, AssumeRoleWithWebIdentityResponse.class));
    refused(
        "InvalidIdentityToken",
        "No OpenIDConnect provider found in your account",
        () ->
            f.unsigned(
                request.toBuilder().roleArn("arn:aws:iam::999999999999:role/deploy").build(),
                AssumeRoleWithWebIdentityResponse.class));
    assertThat(f.sites.asked).isEmpty();
  }

  @Test
  void aProviderThatIsDeletedVouchesForNobody() {
    assume("deploy", token(claims("")));
    f.call(
        f.administrator(),
        DeleteOpenIDConnectProviderRequest.builder()
            .openIDConnectProviderArn(providerArn())
            .build());
    invalid("No OpenIDConnect provider found", token(claims("")));
  }

  @Test
  void whatChangesBeforeTheSessionIsOpenedCounts() {
    String text = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
    f.meanwhile =
        () ->
            f.call(
                f.administrator(),
                UpdateAssumeRolePolicyRequest.builder()
                    .roleName("deploy")
                    .policyDocument(trust("\"StringEquals\":{\"" + SITE + ":sub\":\"x\"}"))
                    .build());
    refused("AccessDenied", text, () -> assume("deploy", token(claims(""))));
    role("other", trust(""));
    f.meanwhile =
        () ->
            f.call(
                f.administrator(),
                DeleteOpenIDConnectProviderRequest.builder()
                    .openIDConnectProviderArn(providerArn())
                    .build());
    refused("AccessDenied", text, () -> assume("other", token(claims(""))));
  }

  @Test
  void theAudienceIsARegisteredClient() {
    invalid("Incorrect token audience", token(claims("").replace("\"app\"", "\"stranger\"")));
    invalid("Incorrect token audience", token(claims(",\"azp\":\"stranger\"")));
    assertThat(
            assume("deploy", token(claims("").replace("\"app\"", "[\"stranger\",\"app\"]")))
                .audience())
        .isEqualTo("app");
    role(
        "party",
        trust("\"StringEquals\":{\"" + SITE + ":azp\":\"app\",\"" + SITE + ":oaud\":\"x\"}"));
    String token = token(claims(",\"azp\":\"app\"").replace("\"aud\":\"app\"", "\"aud\":\"x\""));
    assertThat(assume("party", token).audience()).isEqualTo("app");
  }

  @Test
  void timeIsKept() {
    String token = token(claims(""));
    f.pass(Duration.ofSeconds(299));
    assume("deploy", token);
    f.pass(Duration.ofSeconds(1));
    long now = f.now.getEpochSecond();
    refused(
        "ExpiredTokenException",
        "Token expired: current date/time %d must be before the expiration date/time %d"
            .formatted(now, now),
        () -> assume("deploy", token));
    assume("deploy", token(claims(",\"nbf\":" + (now + 60))));
    invalid("The token is not valid yet.", token(claims(",\"nbf\":" + (now + 61))));
    invalid(
        "The token is not valid yet.",
        token(claims("").replace("\"iat\":" + (now - 5), "\"iat\":" + (now + 61))));
    invalid("Missing a required claim: exp", token(claims("").replace("\"exp\"", "\"expires\"")));
    invalid("Missing a required claim: sub", token(claims("").replace("\"sub\"", "\"subject\"")));
    invalid(
        "The claim exp is no time.", token(claims("").replaceAll("\"exp\":\\d+", "\"exp\":\"9\"")));
    invalid(
        "The claim exp is no time.", token(claims("").replaceAll("\"exp\":\\d+", "\"exp\":1e99")));
  }

  @Test
  void aTokenThatEndsWhileItsIssuerIsAskedHasEnded() {
    String token = token(claims(""));
    f.sites.meanwhile = () -> f.pass(Duration.ofSeconds(150));
    refused("ExpiredTokenException", "Token expired", () -> assume("deploy", token));
  }

  @Test
  void nobodyWaitsForAnIssuerWhoseKeysAreStillGood() throws Exception {
    assume("deploy", token(claims("")));
    f.pass(Duration.ofMinutes(16));
    var asked = new CountDownLatch(1);
    var answers = new CountDownLatch(1);
    f.sites.meanwhile =
        () -> {
          asked.countDown();
          try {
            answers.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        };
    var asks = new FutureTask<>(() -> assume("deploy", token(claims(""))));
    Thread.ofVirtual().start(asks);
    assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
    try {
      var other = new FutureTask<>(() -> assume("deploy", token(claims(""))));
      Thread.ofVirtual().start(other);
      assertThat(other.get(20, TimeUnit.SECONDS).audience()).isEqualTo("app");
      assertThat(asks.isDone()).isFalse();
    } finally {
      answers.countDown();
    }
    assertThat(asks.get(60, TimeUnit.SECONDS).audience()).isEqualTo("app");
  }

  @Test
  void strangersAreDeniedSoOftenAndThenSlowedDown() {
    String stranger = token(claims("").replace("repo:shop", "repo:other"));
    for (int i = 0; i < 20; i++) {
      refused("AccessDenied", "Not authorized", () -> assume("deploy", stranger));
    }
    refused("Throttling", "Rate exceeded", () -> assume("deploy", stranger));
    assume("deploy", token(claims(""))); // whoever is trusted is not slowed down
    f.pass(Duration.ofMillis(100));
    refused("AccessDenied", "Not authorized", () -> assume("deploy", stranger));
    refused("Throttling", "Rate exceeded", () -> assume("deploy", stranger));
  }

  @Test
  void keysAreAskedForOnceAndAgainWhenOneIsUnknown() {
    for (int i = 0; i < 5; i++) {
      assume("deploy", token(claims("")));
    }
    assertThat(f.sites.asked).hasSize(2);
    f.sites.publish(
        ISSUER, TokenMaker.keySet(TokenMaker.jwk(KEY, "k1"), TokenMaker.jwk(OTHER, "k2")));
    String renewed = TokenMaker.token(OTHER, "RS256", "k2", claims(""));
    invalid("Couldn't retrieve verification key", renewed); // asked a moment ago
    f.pass(Duration.ofSeconds(61));
    assume("deploy", renewed);
    assertThat(f.sites.asked).hasSize(4);
    for (int i = 0; i < 20; i++) {
      invalid("Couldn't retrieve", TokenMaker.token(OTHER, "RS256", "made-up" + i, claims("")));
    }
    assertThat(f.sites.asked).hasSize(4);
  }

  @Test
  void aKeyThatWasWithdrawnIsGoneAfterAWhile() {
    assume("deploy", token(claims("")));
    f.sites.publish(ISSUER, TokenMaker.keySet(TokenMaker.jwk(OTHER, "k2")));
    f.pass(Duration.ofMinutes(16));
    invalid("Couldn't retrieve verification key", token(claims("")));
  }

  @Test
  void whereTheIssuerIsNotReachedItsKeysHoldForAnHour() {
    assume("deploy", token(claims("")));
    f.sites.answers.clear();
    f.pass(Duration.ofMinutes(59));
    assume("deploy", token(claims("")));
    f.pass(Duration.ofMinutes(2));
    refused(
        "IDPCommunicationError",
        "An error occurred while communicating with the identity provider",
        () -> assume("deploy", token(claims(""))));
    f.sites.publish(ISSUER, TokenMaker.keySet(TokenMaker.jwk(KEY, "k1")));
    f.pass(Duration.ofMinutes(2));
    assume("deploy", token(claims("")));
  }

  @Test
  void whoFindsNoPlaceToAskMayAskAgainAtOnce() {
    f.sites.busy = true;
    refused(
        "IDPCommunicationError", "An error occurred", () -> assume("deploy", token(claims(""))));
    f.sites.busy = false;
    assume("deploy", token(claims("")));
  }

  @Test
  void aCertificateThatIsNotGoodIsNamed() {
    f.sites.trusted = false;
    invalid(
        "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
        token(claims("")));
  }

  @Test
  void theDiscoveryDocumentMustBeTheIssuersOwn() {
    f.sites.answers.put(
        ISSUER + "/.well-known/openid-configuration",
        "{\"issuer\":\"https://evil.test\",\"jwks_uri\":\"https://evil.test/keys\"}"
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    refused(
        "IDPCommunicationError", "An error occurred", () -> assume("deploy", token(claims(""))));
    f.pass(Duration.ofMinutes(2));
    f.sites.answers.put(
        ISSUER + "/.well-known/openid-configuration",
        ("{\"issuer\":\"" + ISSUER + "\",\"jwks_uri\":\"http://169.254.169.254/keys\"}")
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    refused(
        "IDPCommunicationError", "An error occurred", () -> assume("deploy", token(claims(""))));
    assertThat(f.sites.asked).noneMatch(url -> url.contains("169.254"));
  }

  @Test
  void tagsNeedTheirOwnTrustAndAreTheSessions() {
    String tags =
        ",\"https://aws.amazon.com/tags\":{\"principal_tags\":{\"team\":[\"blue\"],\"own\":[\"1\"]},"
            + "\"transitive_tag_keys\":[\"team\"]}";
    refused(
        "AccessDenied",
        "Not authorized to perform sts:TagSession",
        () -> assume("deploy", token(claims(tags))));
    role(
        "tagged",
        trust(
            "[\"sts:AssumeRoleWithWebIdentity\",\"sts:TagSession\"]",
            "\"StringEquals\":{\"aws:RequestTag/team\":\"blue\"}"));
    Principal session = session(assume("tagged", token(claims(tags))));
    assertThat(session.tags()).isEqualTo(Map.of("team", "blue", "own", "1"));
    assertThat(Objects.requireNonNull(session.session()).transitive())
        .isEqualTo(Map.of("team", "blue"));
    refused(
        "AccessDenied",
        "Not authorized",
        () -> assume("tagged", token(claims(tags.replace("blue", "red")))));
    refused(
        "IDPRejectedClaim",
        "Each of the principal_tags",
        () -> assume("tagged", token(claims(tags.replace("[\"1\"]", "\"1\"")))));
    refused(
        "IDPRejectedClaim",
        "Duplicate tag keys found",
        () -> assume("tagged", token(claims(tags.replace("own", "Team")))));
  }

  @Test
  void aSourceIdentityNeedsItsOwnTrustAndStays() {
    String source = ",\"https://aws.amazon.com/source_identity\":\"ann\"";
    refused(
        "AccessDenied",
        "Not authorized to perform sts:SetSourceIdentity",
        () -> assume("deploy", token(claims(source))));
    role("named", trust("[\"sts:AssumeRoleWithWebIdentity\",\"sts:SetSourceIdentity\"]", ""));
    var out = assume("named", token(claims(source)));
    assertThat(out.sourceIdentity()).isEqualTo("ann");
    assertThat(Objects.requireNonNull(session(out).session()).sourceIdentity()).isEqualTo("ann");
    refused(
        "IDPRejectedClaim",
        "The claim",
        () -> assume("named", token(claims(source.replace("ann", "a n n")))));
  }

  @Test
  void whatTheProviderSaidHoldsForTheWholeSession() {
    permit(
        "deploy",
        "{\"Effect\":\"Allow\",\"Action\":\"ecs:ListClusters\",\"Resource\":\"*\",\"Condition\":{"
            + "\"StringEquals\":{\"aws:FederatedProvider\":\""
            + providerArn()
            + "\",\""
            + SITE
            + ":sub\":\"repo:shop\"},\"ForAnyValue:StringEquals\":{\""
            + SITE
            + ":amr\":\"pwd\"}}}");
    Principal with = session(assume("deploy", token(claims(",\"amr\":[\"pwd\",\"otp\"]"))));
    f.require(with, Demand.on("ecs:ListClusters"));
    Principal without = session(assume("deploy", token(claims(""))));
    assertThatThrownBy(() -> f.require(without, Demand.on("ecs:ListClusters")))
        .isInstanceOf(ApiError.class);
  }

  @Test
  void sessionPoliciesAndDurationsLimitTheSession() {
    var wide = request("deploy", token(claims("")));
    String policy =
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"ssm:*\",\"Resource\":\"*\"}}";
    var out =
        f.unsigned(
            wide.toBuilder().policy(policy).durationSeconds(900).build(),
            AssumeRoleWithWebIdentityResponse.class);
    assertThat(out.packedPolicySize()).isPositive();
    Principal session = session(out);
    assertThatThrownBy(() -> f.require(session, Demand.on("ecs:ListClusters")))
        .hasMessageContaining("because no session policy allows");
    refused(
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration",
        () ->
            f.unsigned(
                wide.toBuilder().durationSeconds(3601).build(),
                AssumeRoleWithWebIdentityResponse.class));
    refused(
        "ValidationError",
        "the parameter `ProviderId`",
        () ->
            f.unsigned(
                wide.toBuilder().providerId("graph.facebook.com").build(),
                AssumeRoleWithWebIdentityResponse.class));
  }

  @Test
  void whoIsVouchedForIsNobodyOfTheAccounts() {
    Principal caller =
        new Principal(
            new Principal.Identity(
                Principal.Kind.WEB_IDENTITY,
                f.account,
                "x",
                "repo:shop",
                dev.holdfast.kit.Arn.parse(providerArn()).orElseThrow()),
            "",
            Map.of(),
            null);
    assertThat(caller.caller()).isEqualTo(Caller.provider(providerArn()));
    assertThatThrownBy(() -> f.require(caller, Demand.on("ecs:ListClusters")))
        .isInstanceOf(ApiError.class);
  }
}
