// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.iam.CreateOpenIDConnectProviderRequest;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.UpdateAssumeRolePolicyRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sts.AssumeRoleWithWebIdentityRequest;
import dev.holdfast.aws.sts.AssumeRoleWithWebIdentityResponse;
import dev.holdfast.iam.plan.oidc.TokenMaker;
import dev.holdfast.service.Principal;
import java.security.KeyPair;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Identity providers that vouch for people of many organizations, and what they say of them. */
class SharedProvidersTest {
  private static final String GITHUB = "token.actions.githubusercontent.com";
  private static final KeyPair KEY = TokenMaker.rsa(2048);

  private final Fixture f = new Fixture();

  private String arn(String site) {
    return "arn:aws:iam::" + f.account + ":oidc-provider/" + site;
  }

  private static String document(String statements) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}";
  }

  private String allow(String site, String condition) {
    return """
        {"Effect":"Allow","Principal":{"Federated":"%s"},"Action":"sts:AssumeRoleWithWebIdentity"%s}"""
        .formatted(arn(site), condition.isEmpty() ? "" : ",\"Condition\":{" + condition + "}");
  }

  private void role(String name, String statements) {
    f.call(
        f.administrator(),
        CreateRoleRequest.builder()
            .roleName(name)
            .assumeRolePolicyDocument(document(statements))
            .build());
  }

  private void trust(String role, String statements) {
    f.call(
        f.administrator(),
        UpdateAssumeRolePolicyRequest.builder()
            .roleName(role)
            .policyDocument(document(statements))
            .build());
  }

  private static void malformed(String key, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.code()).isEqualTo("MalformedPolicyDocument");
              assertThat(e.text()).contains("`" + key + "`");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "token.actions.githubusercontent.com, sub, aud",
    "gitlab.com, sub, aud",
    "app.terraform.io, sub, aud",
    "agent.buildkite.com, sub, aud",
    "oidc.codefresh.io, sub, aud",
    "oidc.vercel.com, aud, sub",
    "api.pulumi.com/oidc, aud, sub",
    "cognito-identity.amazonaws.com, aud, sub"
  })
  void aRoleSaysWhomOfASharedProviderItTrusts(String site, String claim, String other) {
    String key = site + ":" + claim;
    malformed(key, () -> role("r", allow(site, "")));
    malformed(
        key,
        () -> role("r", allow(site, "\"StringEquals\":{\"" + site + ":" + other + "\":\"x\"}")));
    role("r", allow(site, "\"StringEquals\":{\"" + key + "\":\"x\"}"));
    malformed(key, () -> trust("r", allow(site, "")));
    trust(
        "r",
        allow(site, "\"StringLike\":{\"" + key.toUpperCase(Locale.ROOT) + "\":[\"x:*\",\"y\"]}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"StringLike\":{\"%s\":\"*\"}",
        "\"StringLike\":{\"%s\":[\"repo:shop:*\",\"**\"]}",
        "\"StringLike\":{\"%s\":\"?*\"}",
        "\"StringNotEquals\":{\"%s\":\"repo:x\"}",
        "\"Null\":{\"%s\":\"false\"}",
        "\"StringEquals\":{\"aws:SourceIp\":\"%s\"}"
      })
  void aConditionThatAnybodyMeetsSaysNobody(String condition) {
    malformed(
        GITHUB + ":sub", () -> role("r", allow(GITHUB, condition.formatted(GITHUB + ":sub"))));
  }

  @Test
  void eachStatementSaysWhomAndOthersAreAskedNothing() {
    String good = allow(GITHUB, "\"StringLike\":{\"" + GITHUB + ":sub\":\"repo:shop/*\"}");
    malformed(GITHUB + ":sub", () -> role("r", good + "," + allow(GITHUB, "")));
    malformed(GITHUB + ":sub", () -> role("r", allow(GITHUB, "").replace("WithWebIdentity", "*")));
    role("own", good + "," + allow("issuer.test", ""));
    role("denied", allow(GITHUB, "").replace("Allow", "Deny"));
    role("tags", allow(GITHUB, "").replace("AssumeRoleWithWebIdentity", "TagSession"));
    role("enterprise", allow(GITHUB + "/shop", ""));
  }

  private String token(String issuer, String more) {
    long now = f.now.getEpochSecond();
    return TokenMaker.token(
        KEY,
        "RS256",
        "k1",
        "{\"iss\":\"%s\",\"sub\":\"repo:shop\",\"aud\":\"app\",\"iat\":%d,\"exp\":%d%s}"
            .formatted(issuer, now - 5, now + 300, more));
  }

  private Principal assume(String role, String token) {
    var request =
        AssumeRoleWithWebIdentityRequest.builder()
            .roleArn("arn:aws:iam::" + f.account + ":role/" + role)
            .roleSessionName("run")
            .webIdentityToken(token)
            .build();
    var keys =
        Objects.requireNonNull(
            f.unsigned(request, AssumeRoleWithWebIdentityResponse.class).credentials());
    return f.principal(
        new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()));
  }

  private void provider(String site) {
    f.sites.publish("https://" + site, TokenMaker.keySet(TokenMaker.jwk(KEY, "k1")));
    f.call(
        f.administrator(),
        CreateOpenIDConnectProviderRequest.builder()
            .url("https://" + site)
            .clientIDList(List.of("app"))
            .thumbprintList(List.of(FakeSites.THUMBPRINT))
            .build());
  }

  @ParameterizedTest
  @CsvSource({
    "token.actions.githubusercontent.com, job_workflow_ref, '\"shop/w/.github/x.yml@v1\"', shop/w/.github/x.yml@v1",
    "token.actions.githubusercontent.com/shop, repository_id, 4711, 4711",
    "token.actions.shop.ghe.com, environment, '\"prod\"', prod",
    "gitlab.com, ref_protected, true, true",
    "agent.buildkite.com, pipeline_slug, '\"web\"', web",
    "oidc.circleci.com/org/o1, oidc.circleci.com/project-id, '\"p1\"', p1"
  })
  void whatAKnownProviderSaysIsThereToBeAskedFor(
      String site, String claim, String said, String value) {
    provider(site);
    String key = site + ":" + claim;
    role(
        "r",
        allow(
            site,
            "\"StringEquals\":{\"%s:sub\":\"repo:shop\",\"%s\":\"%s\"}"
                .formatted(site, key, value)));
    String issuer = "https://" + site;
    Principal session = assume("r", token(issuer, ",\"" + claim + "\":" + said));
    assertThat(Objects.requireNonNull(session.session()).federation())
        .as("of the token alone, not of the session")
        .doesNotContainKey(key)
        .containsKey(site + ":sub");
    for (String other : List.of("", ",\"" + claim + "\":\"other\"")) {
      assertThatThrownBy(() -> assume("r", token(issuer, other)))
          .isInstanceOf(ApiError.class)
          .hasMessageContaining("Not authorized");
    }
  }

  /** A Deny on what cannot be read would not hold. */
  @Test
  void aClaimThatCannotBeReadIsRefused() {
    provider(GITHUB);
    role("r", allow(GITHUB, "\"StringEquals\":{\"" + GITHUB + ":sub\":\"repo:shop\"}"));
    for (String claim :
        List.of("{}", "[\"main\"]", "\"a\\u0000\"", "\"" + "x".repeat(1025) + "\"")) {
      assertThatThrownBy(() -> assume("r", token("https://" + GITHUB, ",\"ref\":" + claim)))
          .hasMessageContaining("The claim ref cannot be read.");
    }
    assume("r", token("https://" + GITHUB, ",\"ref\":null,\"made_up\":{}"));
  }
}
