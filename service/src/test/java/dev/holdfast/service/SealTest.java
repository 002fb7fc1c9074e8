// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SealTest {
  private static final byte[] PLAIN = "plain".getBytes(StandardCharsets.UTF_8);

  private static Seal seal(int key) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) key);
    return new Seal(bytes, new SecureRandom());
  }

  @Test
  void opensWhatItSealed() {
    Seal seal = seal(1);
    assertThat(seal.open(seal.seal(PLAIN, "c"), "c")).hasValue(PLAIN);
    assertThat(seal.open(seal.seal(new byte[0], ""), "")).hasValue(new byte[0]);
  }

  @Test
  void opensNeitherUnderAnotherKeyNorInAnotherContext() {
    String token = seal(1).seal(PLAIN, "c");
    assertThat(seal(2).open(token, "c")).isEmpty();
    assertThat(seal(1).open(token, "d")).isEmpty();
  }

  @Test
  void noChangedTokenOpens() {
    Seal seal = seal(1);
    String token = seal.seal(PLAIN, "c");
    for (int i = 0; i < token.length() - 1; i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      String changed = token.substring(0, i) + other + token.substring(i + 1);
      assertThat(seal.open(changed, "c")).as("character %d", i).isEmpty();
      assertThat(seal.open(token.substring(0, i), "c")).as("%d characters", i).isEmpty();
    }
  }

  @Test
  void whatIsNoTokenDoesNotOpen() {
    for (String text : new String[] {"", "A", "%%%", "=", "\u0000", "a".repeat(10_000)}) {
      assertThat(seal(1).open(text, "c")).isEmpty();
    }
  }

  @Test
  void sealsTheSameTextDifferently() {
    Seal seal = seal(1);
    assertThat(seal.seal(PLAIN, "c")).isNotEqualTo(seal.seal(PLAIN, "c"));
  }
}
