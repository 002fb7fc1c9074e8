// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.iam.plan.oidc.KeySet.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtTest {
  private static final KeyPair RSA = TokenMaker.rsa(2048);
  private static final KeyPair CURVE = TokenMaker.curve("secp256r1");
  private static final String CLAIMS = "{\"iss\":\"https://issuer.test\",\"sub\":\"s\"}";

  private static KeySet keys(String... keys) {
    return KeySet.parse(TokenMaker.keySet(keys)).orElseThrow();
  }

  private static Verdict judge(KeySet keys, String token) {
    try {
      return keys.judge(Jwt.parse(token));
    } catch (TokenFault _) {
      return Verdict.BAD;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RS256, RSA", "RS384, RSA", "RS512, RSA",
    "ES256, secp256r1", "ES384, secp384r1", "ES512, secp521r1"
  })
  void takesWhatItsKeySigned(String algorithm, String kind) {
    KeyPair pair = kind.equals("RSA") ? RSA : TokenMaker.curve(kind);
    KeySet keys = keys(TokenMaker.jwk(pair, "k"));
    assertThat(judge(keys, TokenMaker.token(pair, algorithm, "k", CLAIMS))).isEqualTo(Verdict.GOOD);
    KeyPair other = kind.equals("RSA") ? TokenMaker.rsa(2048) : TokenMaker.curve(kind);
    assertThat(judge(keys, TokenMaker.token(other, algorithm, "k", CLAIMS))).isEqualTo(Verdict.BAD);
    assertThat(judge(keys, TokenMaker.token(pair, algorithm, "other", CLAIMS)))
        .isEqualTo(Verdict.UNKNOWN_KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "HS256", "HS512", "PS256", "EdDSA", "", "rs256"})
  void takesNoOtherWayOfSigning(String algorithm) {
    String good = TokenMaker.token(RSA, "RS256", "k", CLAIMS);
    String header = TokenMaker.text("{\"alg\":\"" + algorithm + "\",\"kid\":\"k\"}");
    String rest = good.substring(good.indexOf('.'));
    assertThatThrownBy(() -> Jwt.parse(header + rest)).isInstanceOf(TokenFault.class);
    assertThatThrownBy(() -> Jwt.parse(header + rest.substring(0, rest.lastIndexOf('.') + 1)))
        .isInstanceOf(TokenFault.class);
  }

  /** The public key used as if it were a secret: the oldest trick of all. */
  @Test
  void takesNoMacUnderThePublicKey() throws Exception {
    String text =
        TokenMaker.text("{\"alg\":\"HS256\",\"kid\":\"k\"}") + "." + TokenMaker.text(CLAIMS);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(RSA.getPublic().getEncoded(), "HmacSHA256"));
    String token =
        text + "." + TokenMaker.text(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
    assertThat(judge(keys(TokenMaker.jwk(RSA, "k")), token)).isEqualTo(Verdict.BAD);
  }

  @Test
  void aKeyOfAnotherKindSignsNothing() {
    String token = TokenMaker.token(CURVE, "ES256", "k", CLAIMS);
    assertThat(judge(keys(TokenMaker.jwk(RSA, "k")), token)).isEqualTo(Verdict.UNKNOWN_KEY);
    String bound = TokenMaker.jwk(RSA, "k").replace("\"use\"", "\"alg\":\"RS512\",\"use\"");
    assertThat(judge(keys(bound), TokenMaker.token(RSA, "RS256", "k", CLAIMS)))
        .isEqualTo(Verdict.UNKNOWN_KEY);
    assertThat(judge(keys(bound), TokenMaker.token(RSA, "RS512", "k", CLAIMS)))
        .isEqualTo(Verdict.GOOD);
  }

  @Test
  void aTokenThatNamesNoKeyIsTakenWhereThereIsOneAlone() {
    String token =
        TokenMaker.signed(
            RSA, "RS256", TokenMaker.text("{\"alg\":\"RS256\"}") + "." + TokenMaker.text(CLAIMS));
    String own = TokenMaker.jwk(RSA, "k");
    assertThat(judge(keys(own, TokenMaker.jwk(CURVE, "c")), token)).isEqualTo(Verdict.GOOD);
    assertThat(judge(keys(own, TokenMaker.jwk(TokenMaker.rsa(2048), "l")), token))
        .isEqualTo(Verdict.UNKNOWN_KEY);
  }

  @Test
  void aSignatureOfZerosIsNone() {
    String token = TokenMaker.token(CURVE, "ES256", "k", CLAIMS);
    String text = token.substring(0, token.lastIndexOf('.') + 1);
    KeySet keys = keys(TokenMaker.jwk(CURVE, "k"));
    for (int size : new int[] {1, 63, 64, 65, 72}) {
      assertThat(judge(keys, text + TokenMaker.text(new byte[size]))).isEqualTo(Verdict.BAD);
    }
  }

  @Test
  void leavesOutKeysThatAreWeakOrNone() {
    String good = TokenMaker.jwk(CURVE, "k");
    String off = good.replaceFirst("\"y\":\"..", "\"y\":\"AA");
    String weak = TokenMaker.jwk(TokenMaker.rsa(1024), "k");
    String shared = "{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"c2VjcmV0\"}";
    String sealing = TokenMaker.jwk(RSA, "k").replace("\"sig\"", "\"enc\"");
    String one = TokenMaker.jwk(RSA, "k").replace("\"AQAB\"", "\"AQ\"");
    for (String bad : List.of(off, weak, shared, sealing, one, "{}", "1", "{\"kty\":\"EC\"}")) {
      assertThat(KeySet.parse(TokenMaker.keySet(bad)).orElseThrow().size()).as(bad).isZero();
    }
    assertThat(keys(good, weak).size()).isEqualTo(1);
    assertThat(KeySet.parse("[]".getBytes(StandardCharsets.UTF_8))).isEmpty();
    assertThat(KeySet.parse("{\"keys\":{}}".getBytes(StandardCharsets.UTF_8))).isEmpty();
    String[] many = new String[201];
    java.util.Arrays.fill(many, "{}");
    assertThat(KeySet.parse(TokenMaker.keySet(many))).isEmpty();
  }

  @Test
  void thereIsOneWayToWriteAToken() {
    String token = TokenMaker.token(RSA, "RS256", "k", CLAIMS);
    KeySet keys = keys(TokenMaker.jwk(RSA, "k"));
    assertThat(judge(keys, token)).isEqualTo(Verdict.GOOD);
    for (String other :
        List.of(
            token + "=",
            token + ".",
            "." + token,
            token + " ",
            " " + token,
            token.replace('.', ','),
            token + ".e30",
            token.replace('-', '+'),
            "Bearer " + token,
            "x".repeat(Jwt.LONGEST + 1))) {
      if (!other.equals(token)) {
        assertThat(judge(keys, other)).as(other).isEqualTo(Verdict.BAD);
      }
    }
  }

  @Test
  void refusesWhatMustBeUnderstoodAndMembersTwice() {
    for (String header :
        List.of(
            "{\"alg\":\"RS256\",\"kid\":\"k\",\"crit\":[\"exp\"]}",
            "{\"alg\":\"RS256\",\"kid\":\"k\",\"b64\":false}",
            "{\"alg\":\"RS256\",\"alg\":\"none\",\"kid\":\"k\"}",
            "{\"alg\":[\"RS256\"],\"kid\":\"k\"}",
            "{\"alg\":\"RS256\",\"kid\":1}",
            "[]")) {
      String text = TokenMaker.text(header) + "." + TokenMaker.text(CLAIMS);
      String token = TokenMaker.signed(RSA, "RS256", text);
      assertThatThrownBy(() -> Jwt.parse(token)).as(header).isInstanceOf(TokenFault.class);
    }
  }

  /** Every bit of a token, turned: none is taken. */
  @Test
  void noBitOfATokenCanBeTurned() {
    for (String algorithm : List.of("RS256", "ES256")) {
      KeyPair pair = algorithm.equals("RS256") ? RSA : CURVE;
      KeySet keys = keys(TokenMaker.jwk(pair, "k"));
      byte[] token =
          TokenMaker.token(pair, algorithm, "k", CLAIMS).getBytes(StandardCharsets.US_ASCII);
      for (int bit = 0; bit < token.length * 8; bit++) {
        byte[] turned = token.clone();
        turned[bit / 8] ^= (byte) (1 << (bit % 8));
        assertThat(judge(keys, new String(turned, StandardCharsets.ISO_8859_1)))
            .isNotEqualTo(Verdict.GOOD);
      }
    }
  }

  /** Every bit of what is behind the letters, turned. */
  @Test
  void noBitOfASignatureOrOfAClaimCanBeTurned() {
    KeySet keys = keys(TokenMaker.jwk(CURVE, "k"));
    String[] parts = TokenMaker.token(CURVE, "ES256", "k", CLAIMS).split("\\.", -1);
    for (int part = 0; part < 3; part++) {
      byte[] bytes = Base64.getUrlDecoder().decode(parts[part]);
      for (int bit = 0; bit < bytes.length * 8; bit++) {
        byte[] turned = bytes.clone();
        turned[bit / 8] ^= (byte) (1 << (bit % 8));
        String[] changed = parts.clone();
        changed[part] = TokenMaker.text(turned);
        assertThat(judge(keys, String.join(".", changed))).isNotEqualTo(Verdict.GOOD);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://issuer.test",
        "https://issuer.test/",
        "https://issuer.test/realms/shop",
        "https://a-b.issuer.test/x"
      })
  void aSiteIsAHostByNameAndAPath(String url) {
    assertThat(SiteName.parse(url)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://issuer.test",
        "https://issuer.test:8443",
        "https://issuer.test?x=1",
        "https://issuer.test#x",
        "https://user@issuer.test",
        "https://127.0.0.1",
        "https://0x7f.0.0.1",
        "https://127.1",
        "https://2130706433",
        "https://[::1]",
        "https://localhost",
        "https://issuer..test",
        "https://-issuer.test",
        "https://issuer.test.",
        "https://issuer.test\\@other.test",
        "https://issuer.test/ x",
        "https:///x",
        "https://",
        "issuer.test",
        ""
      })
  void anythingElseIsNoSite(String url) {
    assertThat(SiteName.parse(url)).isEmpty();
  }
}
