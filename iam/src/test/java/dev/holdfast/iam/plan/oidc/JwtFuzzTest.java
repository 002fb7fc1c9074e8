// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.iam.model.OidcProvider;
import dev.holdfast.iam.plan.oidc.KeySet.Verdict;
import dev.holdfast.kit.fuzz.Edit;
import dev.holdfast.kit.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What strangers send to be let in: tokens, and the documents of their issuers. */
class JwtFuzzTest {
  private static final KeyPair KEY = TokenMaker.curve("secp256r1");
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final OidcProvider PROVIDER =
      new OidcProvider("issuer.test", List.of("app"), List.of(), NOW);
  private static final String CLAIMS =
      """
      {"iss":"https://issuer.test","sub":"s","aud":"app","iat":1799999999,"exp":1800000300,\
      "https://aws.amazon.com/tags":{"principal_tags":{"a":["b"]},"transitive_tag_keys":["a"]}}""";

  private final byte[] set = TokenMaker.keySet(TokenMaker.jwk(KEY, "k"));
  private final KeySet keys = KeySet.parse(set).orElseThrow();
  private final String token = TokenMaker.token(KEY, "ES256", "k", CLAIMS);
  private final byte[] bytes = token.getBytes(StandardCharsets.US_ASCII);

  @Test
  void takesNothingButWhatWasSigned() {
    Fuzz.run(JwtFuzzTest.class, "edit", this::signed);
  }

  String signed(byte[] input) {
    String text = new String(Edit.of(bytes, input), StandardCharsets.ISO_8859_1);
    try {
      Verdict verdict = keys.judge(Jwt.parse(text));
      if (verdict == Verdict.GOOD) {
        assertThat(text).as("in one spelling").isEqualTo(token);
      }
      return "token " + verdict;
    } catch (TokenFault e) {
      return "token " + e.kind();
    }
  }

  /** Claims that somebody with the issuer's key made up: whatever they are, they are bounded. */
  @Test
  void readsClaimsOrRefusesThem() {
    Fuzz.run(JwtFuzzTest.class, "claims", this::claims);
  }

  String claims(byte[] input) {
    String head = TokenMaker.text("{\"alg\":\"ES256\",\"kid\":\"k\"}");
    try {
      Jwt jwt = Jwt.parse(head + "." + TokenMaker.text(input) + ".AA");
      Claims claims = Claims.of(jwt, PROVIDER, NOW);
      assertThat(claims.audience()).isEqualTo("app");
      assertThat(claims.subject()).isNotBlank().hasSizeLessThanOrEqualTo(255);
      return "claims " + claims.tags().size() + claims.transitive().size();
    } catch (TokenFault e) {
      return "fault " + e.text().replaceAll("[0-9]", "");
    }
  }

  @Test
  void readsKeysOrLeavesThemOut() {
    Fuzz.run(JwtFuzzTest.class, "claims", this::keySet);
  }

  String keySet(byte[] input) {
    byte[] edited = Edit.of(set, input);
    return KeySet.parse(edited).map(found -> "keys " + found.size()).orElse("none");
  }
}
