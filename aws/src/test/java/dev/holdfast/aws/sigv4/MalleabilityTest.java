// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.sigv4.SignedRequest.Header;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A signature holds for one request: what a reader may take for something else is not signed as the
 * same. Each case was signed as the same once.
 */
class MalleabilityTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final Credentials KEYS = new Credentials("AKIDEXAMPLE", "s".repeat(40), null);

  private static SignedRequest signed(String query, Header... more) {
    var headers = new ArrayList<>(List.of(new Header("Host", "127.0.0.1:4566")));
    headers.addAll(List.of(more));
    var request = new SignedRequest("GET", "/", query, headers);
    headers.addAll(Signer.sign(request, new byte[0], KEYS, "us-east-1", "ecs", NOW));
    return new SignedRequest("GET", "/", query, headers);
  }

  private static void verify(SignedRequest request) {
    Authorization auth = Authorization.of(request);
    Verifier.check(auth, request, List.of("ecs"), NOW);
    byte[] secret = KEYS.secretAccessKey().getBytes(StandardCharsets.UTF_8);
    Verifier.verify(auth, request, new byte[0], auth.scope().key(secret));
  }

  private static void refused(CommonError error, SignedRequest request) {
    assertThatThrownBy(() -> verify(request))
        .isInstanceOfSatisfying(SignatureFault.class, f -> assertThat(f.error()).isEqualTo(error));
  }

  private static SignedRequest query(SignedRequest request, String query) {
    return new SignedRequest(request.method(), request.rawPath(), query, request.headers());
  }

  @ParameterizedTest
  @CsvSource({
    "a=x%2By, a=x+y",
    "a=x+y, a=x%2By",
    "a%2Bb=x, a+b=x",
    "a=%FF, a=%FE",
    "a=%C3%28, a=%EF%BF%BD(",
    "a=%EF%BF%BD, a=%80",
    "a=b%26c, a=b&c",
    "a=%00, a="
  })
  void whatReadersTellApartIsSignedApart(String signed, String sent) {
    SignedRequest request = signed(signed);
    verify(request);
    refused(CommonError.INVALID_SIGNATURE, query(request, sent));
  }

  @ParameterizedTest
  @CsvSource({
    "a=x%20y, a=x+y",
    "a=x+y, a=x%20y",
    "a=%7e, a=~",
    "a=%2f, a=%2F",
    "a=1&b=2, b=2&a=1",
    "a, a="
  })
  void whatReadersTakeForTheSameIsSignedAlike(String signed, String sent) {
    verify(query(signed(signed), sent));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%", "a=%2", "a=%zz", "%=a", "a=%\uff12\uff10", "a=%+1"})
  void aBrokenEscapeIsRefused(String query) {
    assertThatThrownBy(() -> signed(query)).isInstanceOf(SignatureFault.class);
    refused(CommonError.INCOMPLETE_SIGNATURE, query(signed(""), query));
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Amz-Signature=00", "X-Amz-Signature", "a=1&X-Amz-Sign%61ture=x"})
  void aSignatureInTheQueryIsNoWayToAddWhatWasNotSigned(String query) {
    refused(CommonError.INCOMPLETE_SIGNATURE, query(signed(""), query));
  }

  /** A key that was derived for no day, or for half of one, would sign for ever. */
  @ParameterizedTest
  @ValueSource(strings = {"", "2", "2026", "2026112", "20261125T", "20261125T120000Z", "20261124"})
  void theDayOfTheScopeIsTheWholeDay(String day) {
    var scope = new Scope(day, "us-east-1", "ecs");
    var headers =
        new ArrayList<>(
            List.of(
                new Header("Host", "127.0.0.1:4566"),
                new Header("X-Amz-Date", "20261125T120000Z")));
    var bare = new SignedRequest("GET", "/", "", headers);
    List<String> names = List.of("host", "x-amz-date");
    String hash = dev.holdfast.kit.Hashes.sha256Hex(new byte[0]);
    String toSign =
        CanonicalRequest.stringToSign(bare, names, hash, "20261125T120000Z", scope, false);
    byte[] key = scope.key(KEYS.secretAccessKey().getBytes(StandardCharsets.UTF_8));
    String signature =
        java.util.HexFormat.of()
            .formatHex(
                dev.holdfast.kit.Hashes.hmacSha256(key, toSign.getBytes(StandardCharsets.UTF_8)));
    headers.add(
        new Header(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"
                + scope
                + ", SignedHeaders=host;x-amz-date, Signature="
                + signature));
    refused(CommonError.INVALID_SIGNATURE, new SignedRequest("GET", "/", "", headers));
  }

  @Test
  void aSignedFieldIsNotCutInTwo() {
    SignedRequest request = signed("", new Header("X-Amz-Target", "a,b"));
    verify(request);
    var cut = new ArrayList<>(request.headers());
    cut.removeIf(h -> h.name().equals("X-Amz-Target"));
    cut.add(new Header("X-Amz-Target", "a"));
    cut.add(new Header("X-Amz-Target", "b"));
    refused(CommonError.INVALID_SIGNATURE, new SignedRequest("GET", "/", "", cut));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "20261131T120000Z",
        "20260229T120000Z",
        "20261125T240000Z",
        "+20261125T120000Z",
        "020261125T120000Z",
        "2026112 T120000Z"
      })
  void aDayThatIsNotIsNoDate(String date) {
    SignedRequest request = signed("");
    var headers = new ArrayList<>(request.headers());
    headers.replaceAll(h -> h.name().equals("X-Amz-Date") ? new Header(h.name(), date) : h);
    refused(CommonError.INCOMPLETE_SIGNATURE, new SignedRequest("GET", "/", "", headers));
  }
}
