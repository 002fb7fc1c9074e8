// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The registry's door at the assembled platform: each of its requests needs a token that is good
 * now and a permission, and another account's names tell nothing.
 */
class RegistryDoorTest {
  private static final String DIGEST =
      "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

  /** What is served, and what a caller that may do everything is answered. */
  private static final Map<String, Integer> SERVED =
      Map.ofEntries(
          Map.entry("GET ", 200),
          Map.entry("HEAD ", 200),
          Map.entry("POST shop/kept/blobs/uploads/", 202),
          Map.entry("GET shop/kept/blobs/uploads/x", 404),
          Map.entry("PATCH shop/kept/blobs/uploads/x", 404),
          Map.entry("PUT shop/kept/blobs/uploads/x", 404),
          Map.entry("DELETE shop/kept/blobs/uploads/x", 404),
          Map.entry("GET shop/kept/blobs/" + DIGEST, 404),
          Map.entry("HEAD shop/kept/blobs/" + DIGEST, 404),
          Map.entry("PUT shop/kept/manifests/1", 400),
          Map.entry("GET shop/kept/manifests/1", 404),
          Map.entry("HEAD shop/kept/manifests/1", 404),
          Map.entry("DELETE shop/kept/manifests/" + DIGEST, 404),
          Map.entry("GET shop/kept/tags/list", 200),
          Map.entry("GET shop/kept/referrers/" + DIGEST, 200));

  /** What any token is enough for: it says that the token is good. */
  private static final Set<String> SIGNED = Set.of("GET ", "HEAD ");

  private static final List<String> PATHS =
      List.of(
          "",
          "_catalog",
          "shop/kept/blobs/uploads/",
          "shop/kept/blobs/uploads/x",
          "shop/kept/blobs/" + DIGEST,
          "shop/kept/manifests/1",
          "shop/kept/manifests/" + DIGEST,
          "shop/kept/tags/list",
          "shop/kept/referrers/" + DIGEST);

  private static Harbor harbor;
  private static Raw raw;
  private static Harbor.User stranger;

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    raw = new Raw(harbor.platform().url());
    stranger = harbor.user("stranger");
    harbor.policy(
        stranger,
        Json.parseObject(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"}]}"""));
    JsonObject _ = harbor.admin("ecr:CreateRepository", "{\"repositoryName\":\"shop/kept\"}");
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static String password(Credentials keys) {
    return RegistryPeer.password(harbor, keys);
  }

  private static String basic(String user, String password) {
    return RegistryPeer.basic(user, password);
  }

  private static Raw.Answer send(String method, String path, String authorization) {
    return new RegistryPeer(raw, authorization).send(method, path, new byte[0]);
  }

  private static Stream<DynamicTest> eachRequest(
      java.util.function.BiConsumer<String, String> body) {
    return METHODS.stream()
        .flatMap(
            method ->
                PATHS.stream()
                    .map(
                        path ->
                            DynamicTest.dynamicTest(
                                method + " /v2/" + path, () -> body.accept(method, path))));
  }

  @TestFactory
  Stream<DynamicTest> withoutATokenNothingIsServed() {
    return eachRequest(
        (method, path) -> {
          Raw.Answer answer = send(method, path, "");
          assertThat(answer.status()).isEqualTo(401);
          assertThat(answer.text()).contains("WWW-Authenticate: Basic ").doesNotContain("shop");
        });
  }

  @TestFactory
  Stream<DynamicTest> withoutPermissionNothingIsServed() {
    String token = basic("AWS", password(stranger.credentials()));
    return eachRequest(
        (method, path) -> {
          Raw.Answer answer = send(method, path, token);
          if (SIGNED.contains(method + " " + path)) {
            assertThat(answer.status()).isEqualTo(200);
          } else if (SERVED.containsKey(method + " " + path)) {
            assertThat(answer.status()).isEqualTo(403);
            if (!method.equals("HEAD")) {
              assertThat(answer.text()).contains("DENIED", "is not authorized to perform: ecr:");
            }
          } else {
            assertThat(answer.status()).isIn(403, 404, 405);
          }
        });
  }

  @Test
  void withPermissionTheseAreServed() {
    String token = basic("AWS", password(harbor.home().administrator()));
    var served = new HashMap<String, Integer>();
    for (String method : METHODS) {
      for (String path : PATHS) {
        Raw.Answer answer = send(method, path, token);
        if (!answer.text().contains("UNSUPPORTED") && answer.status() != 405) {
          served.put(method + " " + path, answer.status());
        }
      }
    }
    served.keySet().removeIf(name -> name.matches("(GET|HEAD|PUT) .*/manifests/sha256:.*"));
    served.keySet().removeIf(name -> name.equals("DELETE shop/kept/manifests/1"));
    assertThat(new TreeSet<>(served.keySet()))
        .as("a request that is new here needs its place in SERVED")
        .isEqualTo(new TreeSet<>(SERVED.keySet()));
    assertThat(served).isEqualTo(SERVED);
  }

  private static void unauthorized(String why, String authorization) {
    Raw.Answer answer = send("GET", "shop/kept/tags/list", authorization);
    assertThat(answer.status()).as(why).isEqualTo(401);
    assertThat(answer.text()).as(why).contains("UNAUTHORIZED").doesNotContain("\"tags\"");
  }

  @Test
  void aTokenServesAsItIsAndNotOtherwise() {
    String good = password(harbor.home().administrator());
    assertThat(send("GET", "shop/kept/tags/list", basic("AWS", good)).status()).isEqualTo(200);
    assertThat(
            send("GET", "shop/kept/tags/list", basic("AWS", good).replace("Basic", "basic"))
                .status())
        .isEqualTo(200);
    unauthorized("another user", basic("aws", good));
    unauthorized("no user", basic("", good));
    unauthorized("no password", basic("AWS", ""));
    unauthorized("a cut token", basic("AWS", good.substring(0, good.length() - 4)));
    unauthorized("a token and more", basic("AWS", good + "AAAA"));
    unauthorized("the token without its wrapping", "Basic " + good);
    unauthorized("another scheme", basic("AWS", good).replace("Basic", "Bearer"));
    unauthorized("a secret key", basic("AWS", harbor.home().administrator().secretAccessKey()));
    unauthorized(
        "a key pair",
        basic(
            harbor.home().administrator().accessKeyId(),
            harbor.home().administrator().secretAccessKey()));
    for (int at = 0; at < good.length() - 1; at += 7) {
      char other = good.charAt(at) == 'A' ? 'B' : 'A';
      unauthorized(
          "changed at " + at, basic("AWS", good.substring(0, at) + other + good.substring(at + 1)));
    }
  }

  @Test
  void tokensOfOtherKindsOpenNothing() {
    JsonObject session = harbor.admin("sts:GetSessionToken", "{}").object("Credentials");
    unauthorized("a session token", basic("AWS", Harbor.text(session, "SessionToken")));
    for (int i = 0; i < 2; i++) {
      JsonObject _ =
          harbor.admin("ecr:CreateRepository", "{\"repositoryName\":\"page/r" + i + "\"}");
    }
    String page =
        Harbor.text(harbor.admin("ecr:DescribeRepositories", "{\"maxResults\":1}"), "nextToken");
    unauthorized("a pagination token", basic("AWS", page));
    String token = password(harbor.home().administrator());
    assertThat(
            harbor.attempt(
                new Credentials(
                    Harbor.text(session, "AccessKeyId"),
                    Harbor.text(session, "SecretAccessKey"),
                    token),
                harbor.operation("sts:GetCallerIdentity").orElseThrow(),
                JsonObject.EMPTY))
        .as("a registry token is no session token")
        .hasValueSatisfying(e -> assertThat(e.code()).isEqualTo("InvalidClientTokenId"));
  }

  @Test
  void aSignatureIsNoToken() {
    Raw.Answer answer =
        raw.bytes(
            new Draft("GET", "/v2/shop/kept/tags/list", "", List.of(), "")
                .and("Host", raw.authority())
                .signed(
                    Draft.Pen.at(
                        java.time.InstantSource.system().instant(),
                        harbor.home().administrator(),
                        "us-east-1",
                        "ecr"))
                .bytes());
    assertThat(answer.status()).isEqualTo(401);
  }

  @Test
  void aTokenEndsWithItsKey() {
    Harbor.User user = harbor.user("leaving");
    harbor.policy(
        user,
        Json.parseObject(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}"""));
    String token = basic("AWS", password(user.credentials()));
    assertThat(send("GET", "shop/kept/tags/list", token).status()).isEqualTo(200);
    String key =
        "{\"UserName\":\"leaving\",\"AccessKeyId\":\"" + user.credentials().accessKeyId() + "\"%s}";
    JsonObject _ = harbor.admin("iam:UpdateAccessKey", key.formatted(",\"Status\":\"Inactive\""));
    unauthorized("an inactive key", token);
    JsonObject _ = harbor.admin("iam:UpdateAccessKey", key.formatted(",\"Status\":\"Active\""));
    assertThat(send("GET", "shop/kept/tags/list", token).status()).isEqualTo(200);
    JsonObject _ = harbor.admin("iam:DeleteAccessKey", key.formatted(""));
    unauthorized("a deleted key", token);
  }
}
