// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.Malformed;
import dev.holdfast.aws.QueryCodec;
import dev.holdfast.kit.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Requests as text, a head and a body. Three of them are signed: {@code {auth0}} and so on stand
 * for their authorization, which is put into whatever has become of them. What verifies must mean
 * what was signed.
 */
class SignatureFuzzTest {
  private static final Credentials CREDENTIALS = new Credentials("AKIA", "secret", null);
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final List<String> SERVICES = List.of("ecs", "iam", "sts");
  private static final byte[] KEY =
      new Scope("20261125", "us-east-1", "ecs").key("secret".getBytes(StandardCharsets.UTF_8));

  /** What a request means to those who read it. */
  private record Meaning(
      String method,
      String path,
      Map<String, List<String>> query,
      Map<String, String> headers,
      String body) {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Sent(SignedRequest request, byte[] body) {
    static Sent of(String text) {
      int end = text.indexOf("\n\n");
      String head = end < 0 ? text : text.substring(0, end);
      String body = end < 0 ? "" : text.substring(end + 2);
      String[] lines = head.split("\n", -1);
      int space = lines[0].indexOf(' ');
      String target = lines[0].substring(space + 1);
      int question = target.indexOf('?');
      var headers = new ArrayList<SignedRequest.Header>();
      for (int i = 1; i < lines.length; i++) {
        int colon = lines[i].indexOf(':');
        headers.add(
            new SignedRequest.Header(
                lines[i].substring(0, Math.max(0, colon)), lines[i].substring(colon + 1).strip()));
      }
      return new Sent(
          new SignedRequest(
              lines[0].substring(0, Math.max(0, space)),
              question < 0 ? target : target.substring(0, question),
              question < 0 ? "" : target.substring(question + 1),
              headers),
          body.getBytes(StandardCharsets.UTF_8));
    }
  }

  private record Original(String authorization, Meaning meaning) {
    static Original of(String text) {
      Sent sent = Sent.of(text);
      List<SignedRequest.Header> added =
          Signer.sign(sent.request(), sent.body(), CREDENTIALS, "us-east-1", "ecs", NOW);
      String authorization = added.getLast().value();
      var headers = new ArrayList<>(sent.request().headers());
      headers.addAll(added);
      var whole =
          new SignedRequest(
              sent.request().method(),
              sent.request().rawPath(),
              sent.request().rawQuery(),
              headers);
      return new Original(
          authorization, meant(whole, Authorization.of(whole).signedHeaders(), sent.body()));
    }
  }

  /** Requests before they are signed. */
  private static final List<String> PLAIN =
      List.of(
          """
          POST /
          host: ecs.local
          content-type: application/x-amz-json-1.1
          x-amz-target: AmazonEC2ContainerServiceV20141113.RunTask

          {"cluster":"a"}""",
          """
          GET /?Action=GetUser&UserName=a%2Bb&Version=2010-05-08&x=%2F
          host: iam.local

          """,
          """
          GET /v2/a/../b//c%2Fd/?z=1&a=2&a=1&e
          host: registry.local
          x-amz-meta: a   b
          x-other: 1
          x-other: 2

          """);

  private static final List<Original> ORIGINALS = PLAIN.stream().map(Original::of).toList();

  private static Meaning meant(SignedRequest request, List<String> signed, byte[] body) {
    var query = new TreeMap<String, List<String>>();
    for (String pair : request.rawQuery().split("&", -1)) {
      if (!pair.isEmpty()) {
        QueryCodec.decode(pair)
            .forEach(
                (name, value) -> query.computeIfAbsent(name, _ -> new ArrayList<>()).add(value));
      }
    }
    query.values().forEach(values -> values.sort(null));
    var headers = new TreeMap<String, String>();
    for (String name : signed) {
      headers.put(
          name,
          String.join(
              ",",
              request.values(name).stream()
                  .map(v -> v.strip().replaceAll("[ \t]+", " "))
                  .toList()));
    }
    return new Meaning(
        request.method(),
        CanonicalRequest.path(request.rawPath()),
        query,
        headers,
        new String(body, StandardCharsets.UTF_8));
  }

  @Test
  void whatVerifiesMeansWhatWasSigned() {
    for (int i = 0; i < ORIGINALS.size(); i++) {
      assertThat(seedOf(i)).as("the request as it was signed").isEqualTo("verified " + i);
    }
    Fuzz.run(SignatureFuzzTest.class, "signature", SignatureFuzzTest::signature);
  }

  /** The counterpart: the three as they were signed go through. */
  private static String seedOf(int i) {
    String added = "\nx-amz-date: 20261125T120000Z\nauthorization: {auth" + i + "}\n\n";
    return signature(PLAIN.get(i).replaceFirst("\n\n", added).getBytes(StandardCharsets.UTF_8));
  }

  static String signature(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    for (int i = 0; i < ORIGINALS.size(); i++) {
      text = text.replace("{auth" + i + "}", ORIGINALS.get(i).authorization());
    }
    Sent sent = Sent.of(text);
    Authorization auth;
    try {
      auth = Authorization.of(sent.request());
      Verifier.check(auth, sent.request(), SERVICES, NOW);
    } catch (SignatureFault e) {
      return e.error().name() + String.valueOf(e.getMessage()).length();
    }
    assertThat(auth.signature()).matches("[0-9a-f]{64}");
    assertThat(auth.signedHeaders()).isSorted().contains("host");
    assertThat(auth.signedHeaders()).allMatch(name -> name.equals(name.toLowerCase(Locale.ROOT)));
    try {
      Verifier.verify(auth, sent.request(), sent.body(), KEY);
    } catch (SignatureFault e) {
      return "not verified " + String.valueOf(e.getMessage()).length();
    }
    for (int i = 0; i < ORIGINALS.size(); i++) {
      if (ORIGINALS.get(i).authorization().contains("Signature=" + auth.signature())) {
        Meaning meaning;
        try {
          meaning = meant(sent.request(), auth.signedHeaders(), sent.body());
        } catch (Malformed _) {
          return "verified, unreadable";
        }
        assertThat(meaning).isEqualTo(ORIGINALS.get(i).meaning());
        return "verified " + i;
      }
    }
    throw new AssertionError("a signature was forged: " + auth.signature());
  }
}
