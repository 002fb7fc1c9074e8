// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.TestPlatform;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignedRequest.Header;
import dev.holdfast.gateway.Catalog;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.UnsignedOperation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one operation that is called without a signature, with a token of a provider over TLS. */
class WebIdentityDoorTest {
  private static final Header FORM =
      new Header("Content-Type", "application/x-www-form-urlencoded");

  @TempDir private static Path dir;

  private static Issuer issuer;
  private static Harbor harbor;
  private static Raw raw;
  private static String provider;

  @BeforeAll
  static void open() throws Exception {
    issuer = Issuer.open(dir);
    harbor = Harbor.over(TestPlatform.calling(Map.of(Issuer.HOST, issuer.address())));
    raw = new Raw(harbor.platform().url());
    // no thumbprint is given: the site is asked
    provider =
        Harbor.text(
            harbor.admin(
                "iam:CreateOpenIDConnectProvider",
                "{\"Url\":\"%s\",\"ClientIDList\":[\"app\"]}".formatted(Issuer.URL)),
            "OpenIDConnectProviderArn");
    role("deploy");
  }

  @AfterAll
  static void close() throws Exception {
    harbor.close();
    issuer.close();
  }

  private static void role(String name) {
    String trust =
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"%s"},\
        "Action":"sts:AssumeRoleWithWebIdentity",\
        "Condition":{"StringEquals":{"issuer.test:aud":"app","issuer.test:sub":"repo:shop"}}}]}"""
            .formatted(provider);
    harbor.admin(
        "iam:CreateRole",
        Json.text(JsonObject.EMPTY.with("RoleName", name).with("AssumeRolePolicyDocument", trust)));
  }

  private static String claims(String subject) {
    long now = InstantSource.system().instant().getEpochSecond();
    return "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"app\",\"iat\":%d,\"exp\":%d}"
        .formatted(Issuer.URL, subject, now - 5, now + 600);
  }

  private static String form(String token) {
    Map<String, String> members =
        Map.of(
            "Action", "AssumeRoleWithWebIdentity",
            "Version", "2011-06-15",
            "RoleArn", "arn:aws:iam::" + harbor.account() + ":role/deploy",
            "RoleSessionName", "run",
            "WebIdentityToken", token);
    return members.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static Raw.Answer post(String form, Header... more) {
    var headers = new java.util.ArrayList<Header>(List.of(FORM));
    headers.addAll(List.of(more));
    return raw.send("POST", "/", headers, form.getBytes(StandardCharsets.UTF_8));
  }

  private static String member(Raw.Answer answer, String name) {
    Matcher found = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(answer.text());
    assertThat(found.find()).as(answer.text()).isTrue();
    return found.group(1);
  }

  @Test
  void whatIsUnsignedIsNamed() {
    var unsigned = new TreeSet<String>();
    harbor.operations().stream()
        .filter(UnsignedOperation.class::isInstance)
        .forEach(o -> unsigned.add(o.model().toString()));
    assertThat(unsigned).containsExactly("sts:AssumeRoleWithWebIdentity");
    assertThat(Catalog.UNSIGNED).isEqualTo(unsigned);
  }

  @Test
  void aTokenOpensASessionAndOnlyOne() {
    Raw.Answer answer = post(form(issuer.token(claims("repo:shop"))));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(member(answer, "SubjectFromWebIdentityToken")).isEqualTo("repo:shop");
    assertThat(member(answer, "Audience")).isEqualTo("app");
    assertThat(member(answer, "Provider")).isEqualTo(provider);
    var keys =
        new Credentials(
            member(answer, "AccessKeyId"),
            member(answer, "SecretAccessKey"),
            member(answer, "SessionToken"));
    assertThat(Harbor.text(harbor.call(keys, "us-east-1", "sts:GetCallerIdentity", "{}"), "Arn"))
        .isEqualTo("arn:aws:sts::" + harbor.account() + ":assumed-role/deploy/run");
  }

  @Test
  void theTrailTellsWhoItWasAndNotTheToken() {
    String token = issuer.token(claims("repo:shop"));
    assertThat(post(form(token)).status()).isEqualTo(200);
    String events =
        Json.text(
            harbor.admin(
                "cloudtrail:LookupEvents",
                "{\"LookupAttributes\":[{\"AttributeKey\":\"EventName\",\"AttributeValue\":\"AssumeRoleWithWebIdentity\"}]}"));
    assertThat(events)
        .contains("WebIdentityUser", "repo:shop", provider)
        .doesNotContain(token, token.substring(token.lastIndexOf('.') + 1));
  }

  @Test
  void theTrustPolicyIsAsked() {
    Raw.Answer answer = post(form(issuer.token(claims("repo:other"))));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(member(answer, "Code")).isEqualTo("AccessDenied");
    assertThat(member(answer, "Message"))
        .startsWith("Not authorized to perform sts:AssumeRoleWithWebIdentity");
  }

  @Test
  void aTokenOfAnybodyElseIsRefused() {
    String good = issuer.token(claims("repo:shop"));
    String other = issuer.token(claims("repo:shop ")); // the signature of another text
    String mixed =
        good.substring(0, good.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'));
    for (String token : List.of(mixed, "abcd", good.substring(1), good + "A")) {
      Raw.Answer answer = post(form(token));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(member(answer, "Code")).isEqualTo("InvalidIdentityToken");
    }
  }

  @Test
  void aTokenThatHasEndedIsCalledSo() {
    long now = InstantSource.system().instant().getEpochSecond();
    String ended = claims("repo:shop").replaceAll("\"exp\":[0-9]+", "\"exp\":" + (now - 1));
    Raw.Answer answer = post(form(issuer.token(ended)));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(member(answer, "Code")).isEqualTo("ExpiredTokenException");
  }

  @Test
  void aSignatureIsNoProof() {
    Raw.As as = new Raw.As(harbor.home().administrator(), "us-east-1", "sts");
    Raw.Answer answer = raw.form(as, form("abcd"));
    assertThat(member(answer, "Code")).isEqualTo("InvalidIdentityToken");
    assertThat(raw.form(as, form(issuer.token(claims("repo:shop")))).status()).isEqualTo(200);
  }

  /** Agents let signed calls of tasks pass, and nothing else: what says it is signed must be. */
  @Test
  void aSignatureThatIsNoneIsWorseThanNone() {
    String form = form(issuer.token(claims("repo:shop")));
    Credentials real = harbor.home().administrator();
    Credentials forged = new Credentials(real.accessKeyId(), "x".repeat(40), null);
    Raw.Answer answer = raw.form(new Raw.As(forged, "us-east-1", "sts"), form);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(member(answer, "Code")).isEqualTo("SignatureDoesNotMatch");
    for (String more :
        List.of("AWS4-HMAC-SHA256 x", "Basic eDp4", "AWS4-HMAC-SHA256 Credential=x")) {
      assertThat(post(form, new Header("Authorization", more)).status()).as(more).isEqualTo(400);
    }
    assertThat(post(form).status()).isEqualTo(200);
  }

  @Test
  void nothingElseIsLetInWithoutASignature() {
    String token = form(issuer.token(claims("repo:shop")));
    for (String action : List.of("AssumeRole", "GetCallerIdentity", "ListUsers", "X", "")) {
      Raw.Answer answer = post(token.replace("AssumeRoleWithWebIdentity", action));
      assertThat(member(answer, "Code")).isEqualTo("MissingAuthenticationToken");
    }
  }

  @Test
  void pagesAndReboundNamesAreNotServed() {
    String form = form(issuer.token(claims("repo:shop")));
    assertThat(post(form, new Header("Origin", "https://evil.example")).status()).isEqualTo(403);
    assertThat(
            raw.text(
                    "POST / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nContent-Length: "
                        + form.length()
                        + "\r\n\r\n"
                        + form)
                .status())
        .isEqualTo(403);
    assertThat(raw.send("GET", "/?" + form, List.of(), new byte[0]).status()).isEqualTo(403);
  }

  @Test
  void whatIsTooLargeOrNotWholeIsRefused() {
    assertThat(post(form("x".repeat(70_000))).status()).isEqualTo(413);
    Raw.Answer answer = post(form("x".repeat(20_001)));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(member(answer, "Code")).isEqualTo("ValidationError");
    assertThat(member(post("Action=AssumeRoleWithWebIdentity&Version=2011-06-15"), "Code"))
        .isEqualTo("ValidationError");
  }

  @Test
  void anIssuerThatNobodyNamedIsNotCalledOnThisMachine() {
    harbor.admin(
        "iam:CreateOpenIDConnectProvider",
        "{\"Url\":\"https://localhost.localdomain\",\"ClientIDList\":[\"app\"],\"ThumbprintList\":[\"%s\"]}"
            .formatted(issuer.thumbprint()));
    Raw.Answer answer =
        post(
            form(
                issuer.token(
                    claims("repo:shop").replace(Issuer.URL, "https://localhost.localdomain"))));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(member(answer, "Code")).isEqualTo("IDPCommunicationError");
  }

  @Test
  void keysAreAskedForOnceAMinuteAtMost() {
    assertThat(post(form(issuer.token(claims("repo:shop")))).status()).isEqualTo(200);
    int before = issuer.asked.get();
    for (int i = 0; i < 20; i++) {
      assertThat(post(form(issuer.token(claims("repo:shop")))).status()).as("%d", i).isEqualTo(200);
    }
    assertThat(issuer.asked.get()).isEqualTo(before);
  }
}
