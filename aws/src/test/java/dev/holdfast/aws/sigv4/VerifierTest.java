// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.CommonError;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Verification against signatures that botocore made, and against each way to break one. */
class VerifierTest {
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final Instant SIGNED_AT = Instant.parse("2026-11-25T12:00:00Z");

  record Vector(String name, SignedRequest request, String text, String service) {
    byte[] body() {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Vector> vectors() throws IOException {
    byte[] bytes =
        Objects.requireNonNull(VerifierTest.class.getResourceAsStream("vectors.json"))
            .readAllBytes();
    return ((JsonArray) Json.parse(bytes)).items().stream().map(v -> vector((JsonObject) v));
  }

  private static Vector vector(JsonObject json) {
    var headers = new ArrayList<SignedRequest.Header>();
    for (var header : json.array("headers")) {
      var pair = ((JsonArray) header).items();
      headers.add(
          new SignedRequest.Header(
              ((JsonString) pair.get(0)).text(), ((JsonString) pair.get(1)).text()));
    }
    return new Vector(
        text(json, "name"),
        new SignedRequest(text(json, "method"), text(json, "path"), text(json, "query"), headers),
        text(json, "body"),
        text(json, "service"));
  }

  private static String text(JsonObject json, String name) {
    return Objects.requireNonNull(json.string(name));
  }

  private static void verify(SignedRequest request, byte[] body, String service, Instant now) {
    Authorization auth = Authorization.of(request);
    Verifier.check(auth, request, List.of(service), now);
    Verifier.verify(auth, request, body, auth.scope().key(SECRET.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void acceptsWhatBotocoreSigned(Vector v) {
    assertThatCode(() -> verify(v.request(), v.body(), v.service(), SIGNED_AT))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void refusesAnyAlteration(Vector v) {
    SignedRequest r = v.request();
    refuse(new SignedRequest("PUT", r.rawPath(), r.rawQuery(), r.headers()), v.body(), v.service());
    refuse(
        new SignedRequest(r.method(), r.rawPath() + "x", r.rawQuery(), r.headers()),
        v.body(),
        v.service());
    refuse(
        new SignedRequest(r.method(), r.rawPath(), r.rawQuery() + "&y=1", r.headers()),
        v.body(),
        v.service());
    refuse(
        r,
        (new String(v.body(), StandardCharsets.UTF_8) + " ").getBytes(StandardCharsets.UTF_8),
        v.service());
    var host = new ArrayList<SignedRequest.Header>();
    r.headers()
        .forEach(
            h ->
                host.add(
                    h.name().equalsIgnoreCase("host")
                        ? new SignedRequest.Header("Host", "other.example")
                        : h));
    refuse(new SignedRequest(r.method(), r.rawPath(), r.rawQuery(), host), v.body(), v.service());
  }

  private static void refuse(SignedRequest request, byte[] body, String service) {
    assertThatThrownBy(() -> verify(request, body, service, SIGNED_AT))
        .isInstanceOfSatisfying(
            SignatureFault.class,
            f -> assertThat(f.error()).isEqualTo(CommonError.INVALID_SIGNATURE));
  }

  @Test
  void matchesThePublishedVectorOfAnEmptyGet() {
    var request =
        new SignedRequest(
            "GET",
            "/",
            "",
            List.of(
                new SignedRequest.Header("Host", "example.amazonaws.com"),
                new SignedRequest.Header("X-Amz-Date", "20150830T123600Z"),
                new SignedRequest.Header(
                    "Authorization",
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                        + " SignedHeaders=host;x-amz-date,"
                        + " Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")));
    assertThatCode(
            () -> verify(request, new byte[0], "service", Instant.parse("2015-08-30T12:36:00Z")))
        .doesNotThrowAnyException();
  }

  @Test
  void signsWhatItVerifies() {
    var headers = new ArrayList<>(List.of(new SignedRequest.Header("Host", "127.0.0.1:4566")));
    var request = new SignedRequest("POST", "/a b/", "q=%20&a=1", headers);
    byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
    headers.addAll(
        Signer.sign(
            request,
            body,
            new Credentials("AKIDEXAMPLE", SECRET, "token"),
            "eu-test-1",
            "ecs",
            SIGNED_AT));
    var signed = new SignedRequest("POST", "/a b/", "q=%20&a=1", headers);
    assertThatCode(() -> verify(signed, body, "ecs", SIGNED_AT)).doesNotThrowAnyException();
  }

  @Test
  void holdsTheClockToFiveMinutes() throws IOException {
    Vector v = vectors().findFirst().orElseThrow();
    assertThatCode(
            () -> verify(v.request(), v.body(), v.service(), SIGNED_AT.plus(Duration.ofMinutes(5))))
        .doesNotThrowAnyException();
    assertThatCode(
            () ->
                verify(v.request(), v.body(), v.service(), SIGNED_AT.minus(Duration.ofMinutes(5))))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () ->
                verify(v.request(), v.body(), v.service(), SIGNED_AT.plus(Duration.ofSeconds(301))))
        .hasMessageStartingWith(
            "Signature expired: 20261125T120000Z is now earlier than 20261125T120001Z (20261125T120501Z - 5 min.)");
    assertThatThrownBy(
            () ->
                verify(
                    v.request(), v.body(), v.service(), SIGNED_AT.minus(Duration.ofSeconds(301))))
        .hasMessageStartingWith("Signature not yet current: ");
  }

  @Test
  void aPresignedUrlEndsWithItsExpiry() throws IOException {
    Vector v = vectors().filter(x -> x.name().equals("presigned")).findFirst().orElseThrow();
    assertThatCode(() -> verify(v.request(), v.body(), v.service(), SIGNED_AT.plusSeconds(300)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> verify(v.request(), v.body(), v.service(), SIGNED_AT.plusSeconds(301)))
        .hasMessageStartingWith("Signature expired");
  }

  @Test
  void refusesAnotherService() throws IOException {
    Vector v = vectors().findFirst().orElseThrow();
    assertThatThrownBy(() -> verify(v.request(), v.body(), "kms", SIGNED_AT))
        .hasMessage("Credential should be scoped to correct service: 'kms'. ");
  }

  @Test
  void refusesAnUnsignedAmzHeader() throws IOException {
    Vector v = vectors().findFirst().orElseThrow();
    var more = new ArrayList<>(v.request().headers());
    more.add(new SignedRequest.Header("X-Amz-Extra", "1"));
    refuse(new SignedRequest("POST", "/", "", more), v.body(), v.service());
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(
      strings = {
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=a",
        "AWS4-HMAC-SHA256 Credential=AK/20261125/r/s, SignedHeaders=host, Signature=00",
        "AWS4-HMAC-SHA256 Credential=AK/20261125/r/s/aws4_request, SignedHeaders=host;Date, Signature=00",
        "AWS4-HMAC-SHA256 Credential=AK/20261125/r/s/aws4_request, SignedHeaders=host, Signature=zz",
        "AWS4-HMAC-SHA256 Credential=AK/20261125/r/s/aws4_request, Credential=AK, SignedHeaders=host, Signature=00",
        "Bearer x",
        ""
      })
  void aMalformedHeaderIsIncomplete(String header) {
    var request =
        new SignedRequest(
            "GET",
            "/",
            "",
            List.of(
                new SignedRequest.Header("Host", "h"),
                new SignedRequest.Header("X-Amz-Date", "20261125T120000Z"),
                new SignedRequest.Header("Authorization", header)));
    assertThatThrownBy(() -> Authorization.of(request))
        .isInstanceOfSatisfying(
            SignatureFault.class,
            f -> assertThat(f.error()).isEqualTo(CommonError.INCOMPLETE_SIGNATURE));
  }

  @Test
  void nothingAtAllIsMissing() {
    var request = new SignedRequest("GET", "/", "", List.of(new SignedRequest.Header("Host", "h")));
    assertThatThrownBy(() -> Authorization.of(request))
        .isInstanceOfSatisfying(
            SignatureFault.class,
            f -> assertThat(f.error()).isEqualTo(CommonError.MISSING_AUTHENTICATION));
  }
}
