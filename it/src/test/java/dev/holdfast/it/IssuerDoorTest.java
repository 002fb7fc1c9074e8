// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.iam.plan.oidc.Jwt;
import dev.holdfast.iam.plan.oidc.KeySet;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What an account's issuer publishes to whoever has its URL, without a signature: two documents,
 * and nothing else.
 */
class IssuerDoorTest {
  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final String KEYS = "/.well-known/jwks.json";

  private static Harbor harbor;
  private static Raw raw;
  private static String issuer;

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    raw = new Raw(harbor.platform().url());
    issuer =
        Harbor.text(
            harbor.admin("iam:EnableOutboundWebIdentityFederation", "{}"), "IssuerIdentifier");
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static String path() {
    return URI.create(issuer).getRawPath();
  }

  private static Raw.Answer answer(String method, String path) {
    return raw.send(method, path, List.of(), new byte[0]);
  }

  private static JsonObject document(String path) {
    Raw.Answer answer = answer("GET", path);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return Json.parseObject(answer.text().substring(answer.text().indexOf("\r\n\r\n") + 4));
  }

  @Test
  void aStrangerProvesATokenByWhatIsPublished() {
    String token =
        Harbor.text(
            harbor.admin(
                "sts:GetWebIdentityToken",
                "{\"Audience\":[\"app\"],\"SigningAlgorithm\":\"RS256\"}"),
            "WebIdentityToken");
    JsonObject discovery = document(path() + DISCOVERY);
    assertThat(discovery.string("issuer")).isEqualTo(issuer).isEqualTo(Jwt.parse(token).issuer());
    assertThat(issuer).startsWith(harbor.platform().url().toString());
    String keys = Harbor.text(discovery, "jwks_uri");
    assertThat(keys).isEqualTo(issuer + KEYS);
    JsonObject set = document(URI.create(keys).getRawPath());
    assertThat(KeySet.parse(Json.bytes(set)).orElseThrow().judge(Jwt.parse(token)))
        .isEqualTo(KeySet.Verdict.GOOD);
    // RFC 7517 and 7518 name the private members so.
    assertThat(Json.text(set)).doesNotContainPattern("\"(d|p|q|dp|dq|qi|oth|k)\":");
  }

  @TestFactory
  Stream<DynamicTest> nothingElseIsServed() {
    String nobody = "00000000-0000-4000-8000-000000000000";
    String id = path().substring(path().lastIndexOf('/') + 1);
    String foreign = path().replace(harbor.account().digits(), harbor.foreign().id().digits());
    return Stream.of(
        refused("GET", path(), 404),
        refused("GET", path() + "/", 404),
        refused("GET", path() + "/.well-known/", 404),
        refused("GET", path() + KEYS + "/", 404),
        refused("GET", path() + "/%2ewell-known/jwks.json", 404),
        refused("GET", path().replace(id, nobody) + KEYS, 404),
        refused("GET", foreign + KEYS, 404),
        refused("POST", path() + KEYS, 405),
        refused("PUT", path() + DISCOVERY, 405),
        refused("DELETE", path() + KEYS, 405));
  }

  @Test
  void aReboundNameIsToldNothing() {
    Raw.Answer answer =
        raw.text(
            "GET %s HTTP/1.1\r\nHost: attacker.test\r\nConnection: close\r\n\r\n"
                .formatted(path() + KEYS));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).doesNotContain("\"keys\"");
  }

  private static DynamicTest refused(String method, String path, int status) {
    return DynamicTest.dynamicTest(
        method + " " + path,
        () -> {
          Raw.Answer answer = answer(method, path);
          assertThat(answer.status()).as(answer.text()).isEqualTo(status);
          assertThat(answer.text()).doesNotContain("\"keys\"", "\"issuer\"");
        });
  }
}
