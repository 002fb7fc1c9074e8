// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.secrets.model.SealedValue;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ValueSealTest {
  private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
  private static final byte[] BLOB = "blob".getBytes(UTF_8);
  private static final String ARN =
      "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a-AbCdEf";

  private static SealedValue sealed() {
    return ValueSeal.seal(KEY, BLOB, Plain.of("gold"), ARN, "v1", new Random(1));
  }

  @Test
  void opensWithTheSameKeySecretAndVersionAlone() {
    SealedValue value = sealed();
    assertThat(ValueSeal.open(KEY, value, ARN, "v1").orElseThrow().text()).isEqualTo("gold");
    assertThat(ValueSeal.open(KEY, value, ARN, "v2")).isEmpty();
    assertThat(ValueSeal.open(KEY, value, ARN + "x", "v1")).isEmpty();
    byte[] other = KEY.clone();
    other[0] ^= 1;
    assertThat(ValueSeal.open(other, value, ARN, "v1")).isEmpty();
  }

  @Test
  void noBitMayBeAnother() {
    byte[] bytes = Base64.getDecoder().decode(sealed().sealed());
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      var value = new SealedValue("", Base64.getEncoder().encodeToString(changed), false);
      assertThat(ValueSeal.open(KEY, value, ARN, "v1")).as("bit %d", bit).isEmpty();
    }
    assertThat(ValueSeal.open(KEY, new SealedValue("", "", false), ARN, "v1")).isEmpty();
  }

  /** Computed from docs/crypto.md by another program. */
  @Test
  void readsAKnownSeal() {
    String hex = "000102030405060708090a0b4a8ad718fcce63e081d102e04b9d743a9d9f3275";
    var value =
        new SealedValue(
            "", Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex)), false);
    assertThat(ValueSeal.open(KEY, value, ARN, "v1").orElseThrow().text()).isEqualTo("gold");
  }
}
