// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Requests of machines with a key of their own, as text; {@code {auth}} stands for the
 * authorization of the one that was signed. What verifies is that request, and the text of a key is
 * taken in one spelling or not at all.
 */
class MachineSignatureFuzzTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final List<String> SERVICES = List.of("ssm");
  private static final KeyPair PAIR = pair();
  private static final String KEY =
      Base64.getEncoder().encodeToString(PAIR.getPublic().getEncoded());
  private static final String TARGET = "AmazonSSM.RequestManagedInstanceRoleToken";
  private static final String BODY = "{\"Fingerprint\":\"x\"}";
  private static final String NAMES = "host;x-amz-date;x-amz-target";
  private static final String SCOPE = "mi-0123456789abcdef0/20261125/us-east-1/ssm/aws4_request";
  private static final String AUTHORIZATION = authorization();

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<SignedRequest.Header> headers(String authorization) {
    return List.of(
        new SignedRequest.Header("host", "ssm.local"),
        new SignedRequest.Header("x-amz-date", "20261125T120000Z"),
        new SignedRequest.Header("x-amz-target", TARGET),
        new SignedRequest.Header("authorization", authorization));
  }

  private static String authorization() {
    var request = new SignedRequest("POST", "/", "", headers(""));
    String text =
        CanonicalRequest.stringToSign(
            request,
            List.of(NAMES.split(";", -1)),
            dev.holdfast.kit.Hashes.sha256Hex(BODY),
            "20261125T120000Z",
            Scope.parse(SCOPE.substring(SCOPE.indexOf('/') + 1)).orElseThrow(),
            false);
    try {
      Signature signer = Signature.getInstance("RSASSA-PSS");
      signer.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
      signer.initSign(PAIR.getPrivate());
      signer.update(text.getBytes(StandardCharsets.UTF_8));
      return "AWS4-HMAC-SHA256 Credential=%s, SignedHeaders=%s, Signature=%s"
          .formatted(SCOPE, NAMES, Base64.getEncoder().encodeToString(signer.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatVerifiesIsWhatTheMachineSigned() {
    String seed =
        "POST /\nhost: ssm.local\nx-amz-date: 20261125T120000Z\nx-amz-target: %s\nauthorization: {auth}\n\n%s"
            .formatted(TARGET, BODY);
    assertThat(signature(seed.getBytes(StandardCharsets.UTF_8))).endsWith("verified");
    assertThat(RsaSignature.key(KEY)).contains(PAIR.getPublic());
    Fuzz.run(MachineSignatureFuzzTest.class, "machine", MachineSignatureFuzzTest::signature);
  }

  static String signature(byte[] input) {
    String text =
        new String(input, StandardCharsets.UTF_8)
            .replace("{auth}", AUTHORIZATION)
            .replace("{key}", KEY);
    int end = text.indexOf("\n\n");
    String[] lines = (end < 0 ? text : text.substring(0, end)).split("\n", -1);
    String body = end < 0 ? "" : text.substring(end + 2);
    String key = key(lines[0]);
    int space = lines[0].indexOf(' ');
    String target = lines[0].substring(space + 1);
    int question = target.indexOf('?');
    var headers = new ArrayList<SignedRequest.Header>();
    for (int i = 1; i < lines.length; i++) {
      int colon = Math.max(0, lines[i].indexOf(':'));
      headers.add(
          new SignedRequest.Header(
              lines[i].substring(0, colon),
              lines[i].substring(colon).replaceFirst("^:", "").strip()));
    }
    var request =
        new SignedRequest(
            lines[0].substring(0, Math.max(0, space)),
            question < 0 ? target : target.substring(0, question),
            question < 0 ? "" : target.substring(question + 1),
            headers);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Authorization auth;
    try {
      auth = Authorization.ofMachine(request);
      RsaSignature.check(auth, request, SERVICES, NOW);
    } catch (SignatureFault e) {
      return key + e.error().name() + String.valueOf(e.getMessage()).length();
    }
    assertThat(auth.accessKeyId()).matches("mi-[0-9a-f]{17}");
    assertThat(auth.sessionToken()).isNull();
    assertThat(auth.signedHeaders()).isSorted().contains("host");
    try {
      RsaSignature.verify(auth, request, bytes, PAIR.getPublic());
    } catch (SignatureFault _) {
      return key + "not verified";
    }
    assertThat(request.method()).isEqualTo("POST");
    assertThat(CanonicalRequest.path(request.rawPath())).isEqualTo("/");
    assertThat(request.rawQuery().replace("&", "")).isEmpty();
    assertThat(body).isEqualTo(BODY);
    assertThat(request.values("x-amz-target").stream().map(MachineSignatureFuzzTest::folded))
        .containsExactly(TARGET);
    assertThat(auth.date()).isEqualTo("20261125T120000Z");
    return key + "verified";
  }

  private static String folded(String value) {
    return value.strip().replaceAll("[ \t]+", " ");
  }

  /** A key's text as the first line: an RSA key of the sizes that are taken, or none. */
  private static String key(String text) {
    return RsaSignature.key(text)
        .map(
            key -> {
              var rsa = (java.security.interfaces.RSAPublicKey) key;
              assertThat(rsa.getModulus().bitLength()).isBetween(2048, 4096);
              assertThat(rsa.getPublicExponent().bitLength()).isBetween(2, 64);
              return "key, ";
            })
        .orElse("");
  }
}
