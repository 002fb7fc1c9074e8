// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.iam.model.LoginProfile.Derived;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Pbkdf2Test {
  private static final String SALT =
      HexFormat.of().formatHex("salt".getBytes(StandardCharsets.US_ASCII));

  /** The passwords and rounds of RFC 6070, with SHA-512: what Python's {@code hashlib} derives. */
  @ParameterizedTest
  @CsvSource({
    "1, 867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252",
    "2, e1d9c16aa681708a45f5c7c4e215ceb66e011a2e9f0040713f18aefdb866d53c",
    "4096, d197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5"
  })
  void derivesAsSpecified(int iterations, String hash) {
    assertThat(Pbkdf2.derive("password", SALT, iterations))
        .isEqualTo(new Derived(iterations, hash));
  }

  @Test
  void isSlow() {
    assertThat(Pbkdf2.ITERATIONS).isGreaterThanOrEqualTo(210_000);
  }

  @Test
  void anotherPasswordOrNumberOfRoundsIsNotTheSame() {
    Derived one = Pbkdf2.derive("password", SALT, 2);
    assertThat(Pbkdf2.same(one, Pbkdf2.derive("password", SALT, 2))).isTrue();
    assertThat(Pbkdf2.same(one, Pbkdf2.derive("password ", SALT, 2))).isFalse();
    assertThat(Pbkdf2.same(one, new Derived(3, one.hash()))).isFalse();
  }
}
