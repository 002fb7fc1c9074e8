// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.CommonError;
import java.io.IOException;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the signers of botocore, AWS SDK for Go v2 and AWS SDK for Java v2 made of the same requests
 * ({@code signers.json}; each names its signer's version), and what is left of it when it is
 * changed.
 */
class SignersTest {
  private static final Instant SIGNED_AT = Instant.parse("2026-11-25T12:00:00Z");

  static Stream<Vector> vectors() throws IOException {
    return Vector.of("signers.json");
  }

  @Test
  void allSignersAreThere() throws IOException {
    assertThat(vectors().map(v -> v.by().replaceAll(" .*", "")).distinct())
        .containsExactlyInAnyOrder("botocore", "aws-sdk-go-v2", "aws-sdk-java-v2");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void isAccepted(Vector v) {
    assertThatCode(() -> v.verify(SIGNED_AT)).doesNotThrowAnyException();
  }

  private static void refused(Vector v) {
    assertThatThrownBy(() -> v.verify(SIGNED_AT))
        .isInstanceOfSatisfying(
            SignatureFault.class,
            f -> assertThat(f.error()).isEqualTo(CommonError.INVALID_SIGNATURE));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void isRefusedWhenItIsChanged(Vector v) {
    SignedRequest r = v.request();
    refused(v.withMethod("PATCH"));
    refused(v.withPath(r.rawPath() + "x"));
    refused(v.withQuery(r.rawQuery().isEmpty() ? "y=1" : r.rawQuery() + "&y=1"));
    refused(v.withBody(v.body() + " "));
    for (String name : Authorization.of(r).signedHeaders()) {
      if (!name.equals("x-amz-date")) {
        refused(v.withHeader(name, value -> value + "x"));
      }
    }
  }
}
