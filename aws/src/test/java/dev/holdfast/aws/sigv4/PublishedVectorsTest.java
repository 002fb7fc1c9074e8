// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * AWS's signing test suite: each request signed in its header and in its query, and each with one
 * character of its signature changed.
 *
 * @see <a
 *     href="https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite/v4">AWS
 *     signing test suite</a> (Apache-2.0); of paths those that are normalised, as all services but
 *     S3 have it
 */
class PublishedVectorsTest {
  private static final Instant SIGNED_AT = Instant.parse("2015-08-30T12:36:00Z");

  /** Its session token is added after signing, which few services take; ours do not. */
  private static final String TOKEN_UNSIGNED = "post-sts-header-after";

  static Stream<Vector> good() throws IOException {
    return Vector.of("published.json").filter(v -> !v.name().equals(TOKEN_UNSIGNED));
  }

  @Test
  void theSuiteIsThere() throws IOException {
    assertThat(Vector.of("published.json")).hasSize(62);
  }

  @ParameterizedTest
  @MethodSource("good")
  void isAccepted(Vector v) {
    assertThatCode(() -> v.verify(SIGNED_AT)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("good")
  void isRefusedWithAnotherSignature(Vector v) {
    String signature = Authorization.of(v.request()).signature();
    String other = (signature.charAt(0) == '0' ? '1' : '0') + signature.substring(1);
    Vector changed =
        v.withQuery(v.request().rawQuery().replace(signature, other))
            .withHeader("Authorization", value -> value.replace(signature, other));
    assertThatThrownBy(() -> changed.verify(SIGNED_AT))
        .hasMessageStartingWith("The request signature we calculated does not match");
  }

  @ParameterizedTest
  @MethodSource("good")
  void isRefusedWhenItsTimeIsOver(Vector v) {
    Duration valid = v.presigned() ? Duration.ofHours(1) : Verifier.SKEW;
    assertThatCode(() -> v.verify(SIGNED_AT.plus(valid))).doesNotThrowAnyException();
    assertThatThrownBy(() -> v.verify(SIGNED_AT.plus(valid).plusNanos(1)))
        .hasMessageStartingWith("Signature expired: ");
  }

  @Test
  void aTokenThatIsNotSignedIsRefused() throws IOException {
    List<Vector> unsigned =
        Vector.of("published.json").filter(v -> v.name().equals(TOKEN_UNSIGNED)).toList();
    assertThat(unsigned).hasSize(2);
    for (Vector v : unsigned) {
      assertThatThrownBy(() -> v.verify(SIGNED_AT)).isInstanceOf(SignatureFault.class);
    }
  }
}
