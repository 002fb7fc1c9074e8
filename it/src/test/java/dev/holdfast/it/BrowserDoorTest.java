// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.sigv4.SignedRequest.Header;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is for the operator alone is not on the network, and nothing there is for web pages ({@code
 * test/browser.sh} asks a real browser).
 */
class BrowserDoorTest {
  private static final String IDENTITY = "Action=GetCallerIdentity&Version=2011-06-15";

  private static Harbor harbor;
  private static Raw raw;

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    raw = new Raw(harbor.platform().url());
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  /** What the admin socket serves (AdminDoorTest) is not there over the network. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/status",
        "/ready",
        "/credentials",
        "/accounts",
        "/accounts/111122223333",
        "/clock",
        "/audit/verify",
        "/shutdown",
        "/tasks/explain?task=x",
        "/logs?task=x",
        "/explain/x",
        "/backup",
        "/key/export",
        "/keys",
        "/keys/confirm",
        "/run/admin.sock",
        "/run/admin.sock/credentials",
        "/../run/admin.sock",
        "/v2/../credentials",
        "/acs/../credentials",
        "/_holdfast/../credentials",
        "/_holdfast/health/../../credentials",
        "/%2e%2e/credentials",
        "/v2/%2e%2e/%2e%2e/credentials",
        "//credentials",
        "/./credentials"
      })
  void theAdminSocketIsNotOnTheNetwork(String path) {
    for (String method : new String[] {"GET", "POST", "PUT", "DELETE"}) {
      Raw.Answer answer = raw.send(method, path, List.of(), new byte[0]);
      assertThat(answer.status()).as(method).isIn(400, 401, 404);
      assertThat(answer.text())
          .doesNotContain("SecretAccessKey", "secretAccessKey", "installation");
    }
  }

  /** Nothing at this address is for web pages: a browser's marks close all of it. */
  @ParameterizedTest
  @ValueSource(strings = {"/", "/_holdfast/health", "/v2/", "/v2/a/tags/list", "/acs/ws", "/x"})
  void pagesOfOtherSitesAreRefusedEverywhere(String path) {
    for (Header header :
        List.of(
            new Header("Origin", "https://evil.example"),
            new Header("Origin", "null"),
            new Header("Origin", "http://" + raw.authority()),
            new Header("Sec-Fetch-Site", "cross-site"),
            new Header("Sec-Fetch-Site", "same-site"),
            new Header("sec-fetch-site", "anything"))) {
      for (String method : new String[] {"GET", "POST", "OPTIONS", "PUT"}) {
        Raw.Answer answer = raw.send(method, path, List.of(header), new byte[0]);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).contains("programs").doesNotContain("Access-Control-");
      }
    }
    Raw.Answer typed =
        raw.send("GET", path, List.of(new Header("Sec-Fetch-Site", "none")), new byte[0]);
    Raw.Answer program = raw.send("GET", path, List.of(), new byte[0]);
    assertThat(typed.status()).isEqualTo(program.status());
    assertThat(program.text()).doesNotContain("programs");
  }

  @Test
  void aSignedCallForAPageOfAnotherSiteIsRefused() {
    Draft draft =
        Draft.post("application/x-www-form-urlencoded", IDENTITY).and("Host", raw.authority());
    var pen =
        Draft.Pen.at(
            InstantSource.system().instant(), harbor.home().administrator(), "us-east-1", "sts");
    assertThat(raw.bytes(draft.signed(pen).bytes()).status()).isEqualTo(200);
    Draft page = draft.and("Origin", "https://evil.example").signed(pen);
    assertThat(raw.bytes(page.bytes()).status()).isEqualTo(403);
  }

  /** Why a call was denied is told to the people of its account alone. */
  @Test
  void anAuthorizationIdTellsNothingToAnotherAccount() {
    ApiError denied =
        harbor
            .attempt(
                harbor.user("nobody").credentials(),
                harbor.operation("iam:ListUsers").orElseThrow(),
                JsonObject.EMPTY)
            .orElseThrow();
    Matcher id = Pattern.compile("authorization id: ([0-9a-f-]+)").matcher(denied.text());
    assertThat(id.find()).isTrue();
    var decode = harbor.operation("sts:DecodeAuthorizationMessage").orElseThrow();
    JsonObject message = JsonObject.EMPTY.with("EncodedMessage", id.group(1));
    assertThat(harbor.attempt(harbor.home().administrator(), decode, message)).isEmpty();
    assertThat(harbor.attempt(harbor.platform().account().administrator(), decode, message))
        .map(ApiError::code)
        .contains("InvalidAuthorizationMessageException");
  }
}
