// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.UpdateAssumeRolePolicyRequest;
import dev.holdfast.service.Principal;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Identity providers that vouch for people of many organizations, and what they say of them. */
class SharedProvidersTest {
  private static final String GITHUB = "token.actions.githubusercontent.com";

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
}
