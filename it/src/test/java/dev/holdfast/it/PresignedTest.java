// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.TestPlatform;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.it.Draft.Pen;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs that carry their signature: good for what was signed, for as long as was signed. */
class PresignedTest {
  private static final String IDENTITY = "Action=GetCallerIdentity&Version=2011-06-15";
  private static final String USERS = "Action=ListUsers&Version=2010-05-08&PathPrefix=";
  private static final String LIST_KEYS = "TrentService.ListKeys";
  private static Instant start;
  private static final AtomicReference<Instant> CLOCK = new AtomicReference<>(Instant.EPOCH);

  private static Harbor harbor;
  private static Raw raw;

  @BeforeAll
  static void open() throws IOException {
    start = InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS);
    CLOCK.set(start);
    harbor = Harbor.over(TestPlatform.start(CLOCK::get));
    raw = new Raw(harbor.platform().url());
    for (String name : new String[] {"a b", "a+b"}) {
      JsonObject _ =
          harbor.admin(
              "iam:CreateUser",
              "{\"UserName\":\"%s\",\"Path\":\"/%s/\"}"
                  .formatted(name.replace(" ", "_"), name.equals("a b") ? "plain" : "a+b"));
    }
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  @AfterEach
  void back() {
    CLOCK.set(start);
  }

  private static Pen pen(String service) {
    return Pen.at(start, harbor.home().administrator(), "us-east-1", service);
  }

  private static Draft identity() {
    return Draft.get(IDENTITY).and("Host", raw.authority());
  }

  private static Draft users(String prefix) {
    return Draft.get(USERS + prefix).and("Host", raw.authority());
  }

  private static Raw.Answer served(Draft draft) {
    Raw.Answer answer = raw.bytes(draft.bytes());
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer;
  }

  private static void refused(String code, Draft draft) {
    Raw.Answer answer = raw.bytes(draft.bytes());
    assertThat(answer.text()).contains("<Code>" + code + "</Code>").doesNotContain("<Arn>");
    assertThat(answer.status()).isEqualTo(code.equals(SignatureMatrix.INCOMPLETE) ? 400 : 403);
  }

  private static void twice(Draft draft) {
    Raw.Answer answer = raw.bytes(draft.bytes());
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("is given twice").doesNotContain("<Arn>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "60", "3600", "604800"})
  void expiresWhenItSays(String seconds) {
    Draft draft = identity().presigned(pen("sts"), seconds);
    Duration valid = Duration.ofSeconds(Long.parseLong(seconds));
    CLOCK.set(start.plus(valid));
    assertThat(served(draft).text()).contains(":user/administrator");
    CLOCK.set(start.plus(valid).plusMillis(1));
    refused(SignatureMatrix.WRONG, draft);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "604801", "99999999999999999999", "", "60.5", "0x10", "1 "})
  void takesNoOtherTimeToExpire(String seconds) {
    refused(SignatureMatrix.INCOMPLETE, identity().presigned(pen("sts"), seconds));
  }

  @Test
  void isNotGoodBeforeItsTime() {
    Draft draft = identity().presigned(pen("sts"), "60");
    CLOCK.set(start.minus(Duration.ofMinutes(5)));
    served(draft);
    CLOCK.set(start.minus(Duration.ofMinutes(5)).minusMillis(1));
    refused(SignatureMatrix.WRONG, draft);
  }

  @Test
  void aSessionsUrlEndsWithTheSession() {
    JsonObject made =
        harbor.admin("sts:GetSessionToken", "{\"DurationSeconds\":900}").object("Credentials");
    var session =
        new Credentials(
            Harbor.text(made, "AccessKeyId"),
            Harbor.text(made, "SecretAccessKey"),
            Harbor.text(made, "SessionToken"));
    Draft draft = identity().presigned(pen("sts").keys(session), "604800");
    CLOCK.set(start.plusSeconds(899));
    served(draft);
    CLOCK.set(start.plusSeconds(900));
    refused("ExpiredToken", draft);
    CLOCK.set(start);
    String token = "&X-Amz-Security-Token=" + Draft.escaped(Harbor.text(made, "SessionToken"));
    assertThat(draft.query()).contains(token);
    refused(SignatureMatrix.UNKNOWN, draft.query(draft.query().replace(token, "")));
    refused(
        SignatureMatrix.UNKNOWN,
        draft.query(draft.query().replace(token, token.substring(0, token.length() - 2))));
    twice(draft.query(draft.query() + token));
    refused(
        SignatureMatrix.INCOMPLETE,
        draft.and("X-Amz-Security-Token", Harbor.text(made, "SessionToken")));
  }

  @ParameterizedTest
  @CsvSource({
    "GetCallerIdentity, GetSessionToken",
    "Version=2011-06-15, Version=2011-06-16",
    "X-Amz-Expires=60, X-Amz-Expires=61",
    "X-Amz-Expires=60, X-Amz-Expires=060",
    "X-Amz-SignedHeaders=host, X-Amz-SignedHeaders=host%3Bx-amz-date",
    "us-east-1, eu-north-1",
    "Version, version",
    "&Version, &Extra=1&Version",
    "&Version, &X-Amz-Extra&Version"
  })
  void isRefusedWhenItIsChanged(String from, String to) {
    Draft draft = identity().presigned(pen("sts"), "60");
    served(draft);
    refused(SignatureMatrix.WRONG, draft.query(draft.query().replace(from, to)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature"
      })
  void needsEachOfItsPartsOnce(String part) {
    Draft draft = identity().presigned(pen("sts"), "60");
    String query = draft.query();
    int at = query.indexOf(part + "=");
    int end = query.indexOf('&', at) < 0 ? query.length() : query.indexOf('&', at);
    String whole = query.substring(at, end);
    twice(draft.query(query + "&" + whole));
    String without = query.replace(whole, "").replace("&&", "&");
    refused(SignatureMatrix.INCOMPLETE, draft.query(without));
    refused(SignatureMatrix.INCOMPLETE, draft.query(query.replace(whole, part)));
    refused(SignatureMatrix.INCOMPLETE, draft.query(query.replace(whole, part + "=")));
  }

  @Test
  void isGoodForItsMethodAndItsBodyAlone() {
    Draft draft = identity().presigned(pen("sts"), "60");
    served(draft);
    for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH"}) {
      Raw.Answer answer = raw.bytes(draft.method(method).bytes());
      assertThat(answer.text()).contains("SignatureDoesNotMatch").doesNotContain("<Arn>");
    }
    refused(SignatureMatrix.WRONG, draft.body("Action=GetSessionToken&Version=2011-06-15"));
    refused(SignatureMatrix.WRONG, draft.set("Host", "localhost:1"));
  }

  @Test
  void isGoodForItsServiceAlone() {
    refused(SignatureMatrix.WRONG, identity().presigned(pen("s3"), "60"));
    Raw.Answer other = raw.bytes(identity().presigned(pen("iam"), "60").bytes());
    assertThat(other.status()).isEqualTo(400);
    assertThat(other.text()).contains("InvalidAction").doesNotContain("<Arn>");
  }

  @Test
  void mayBeSpelledAnotherWayWhereItMeansTheSame() {
    Draft draft = users("%2Fplain%2F").presigned(pen("iam"), "60");
    assertThat(served(draft).text()).contains("a_b").doesNotContain("a+b");
    served(draft.query(draft.query().replace("%2Fplain%2F", "/plain/")));
    served(draft.query(draft.query().replace("Version", "%56ersion")));
    String[] parts = draft.query().split("&", -1);
    java.util.Collections.reverse(java.util.Arrays.asList(parts));
    served(draft.query(String.join("&", parts)));
  }

  /**
   * A plus is a space to whoever reads a form. As long as it was signed as a plus, a URL could be
   * changed from the one to the other.
   */
  @Test
  void aPlusIsNotAnEscapedPlus() {
    Draft plus = users("%2Fa%2Bb%2F").presigned(pen("iam"), "60");
    assertThat(served(plus).text()).contains("<UserName>a+b</UserName>");
    refused(SignatureMatrix.WRONG, plus.query(plus.query().replace("%2Bb", "+b")));
    Draft space = users("%2Fa%20b%2F").presigned(pen("iam"), "60");
    refused(SignatureMatrix.WRONG, space.query(space.query().replace("%20b", "%2Bb")));
  }

  /** Bytes that are no text were all signed as the same replacement character. */
  @Test
  void bytesThatAreNoTextAreNotAlike() {
    Draft draft = identity().query(IDENTITY + "&X=%FE").presigned(pen("sts"), "60");
    assertThat(raw.bytes(draft.bytes()).text()).doesNotContain("SignatureDoesNotMatch");
    refused(SignatureMatrix.WRONG, draft.query(draft.query().replace("%FE", "%FF")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%4", "%zz", "%2", "%+1"})
  void aBrokenEscapeIsRefused(String text) {
    Draft draft = identity().query(IDENTITY + "&X=" + text);
    Raw.Answer answer = raw.bytes(draft.presigned(pen("sts"), "60").bytes());
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).doesNotContain("<Arn>");
  }

  /** The target of a JSON call is in a header, which a URL may sign or not. */
  @Test
  void aTargetThatIsNotSignedIsRefused() {
    Draft bare = Draft.post("application/x-amz-json-1.1", "{}").and("Host", raw.authority());
    Draft whole = bare.and("X-Amz-Target", LIST_KEYS);
    assertThat(served(whole.presigned(pen("kms"), "60")).text()).contains("\"Keys\"");
    for (Draft draft :
        List.of(
            bare.presigned(pen("kms"), "60").and("X-Amz-Target", LIST_KEYS),
            whole
                .presigned(pen("kms"), "60")
                .set("X-Amz-Target", LIST_KEYS.replace("ListKeys", "ListAliases")))) {
      Raw.Answer answer = raw.bytes(draft.bytes());
      assertThat(answer.status()).as(answer.text()).isEqualTo(400);
      assertThat(answer.text()).contains("InvalidSignatureException").doesNotContain("\"Keys\"");
    }
  }

  /** S3 alone takes a payload that is not signed. */
  @Test
  void anUnsignedPayloadIsRefused() {
    String unsigned = "UNSIGNED-PAYLOAD";
    refused(SignatureMatrix.WRONG, identity().presigned(pen("sts"), "60", unsigned));
    Draft said = identity().query(IDENTITY + "&X-Amz-Content-Sha256=" + unsigned);
    refused(SignatureMatrix.WRONG, said.presigned(pen("sts"), "60", unsigned));
    Draft header = identity().and("X-Amz-Content-Sha256", unsigned);
    refused(SignatureMatrix.WRONG, header.presigned(pen("sts"), "60", unsigned));
    served(identity().presigned(pen("sts"), "60"));
  }
}
