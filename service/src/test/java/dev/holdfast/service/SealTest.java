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
    for (int i = 0; i < token.length(); i++) {
      for (int bit = 0; bit < 7; bit++) {
        char other = (char) (token.charAt(i) ^ 1 << bit);
        String changed = token.substring(0, i) + other + token.substring(i + 1);
        assertThat(seal.open(changed, "c")).as("character %d, bit %d", i, bit).isEmpty();
      }
      assertThat(seal.open(token.substring(0, i), "c")).as("%d characters", i).isEmpty();
    }
    assertThat(seal.open(token, "c")).hasValue(PLAIN);
  }

  /** The last character holds bits that are of no byte; one token was several texts. */
  @Test
  void aTokenIsWrittenInOneWay() {
    Seal seal = seal(1);
    for (int length = 0; length < 3; length++) {
      String token = seal.seal(new byte[length], "c");
      int opened = 0;
      for (char last = 0; last < 128; last++) {
        String other = token.substring(0, token.length() - 1) + last;
        opened += seal.open(other, "c").isPresent() ? 1 : 0;
      }
      assertThat(opened).as("ways to end a token of %d bytes", length).isOne();
      for (String more : new String[] {"=", "==", "A", "\n", " "}) {
        assertThat(seal.open(token + more, "c")).isEmpty();
      }
      assertThat(seal.open(token, "c")).hasValue(new byte[length]);
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

  /**
   * Both were made from docs/crypto.md by another program (Python's cryptography and hmac), under
   * the key 07..07: with the nonce 20..37, and as tokens of before were, with the IV 40..4b.
   */
  @Test
  void opensWhatIsWrittenDown() {
    Seal seal = seal(7);
    String token = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY39q2a3tnf4OkhFwQudO3pn0Ykp-es";
    assertThat(seal.open(token, "context")).hasValue(PLAIN);
    assertThat(seal.open(token, "other")).isEmpty();
    String former = "QEFCQ0RFRkdISUpL3byloz-OeiAa_5lZezIyE9X_GGOA";
    assertThat(seal.open(former, "context")).as("of before").hasValue(PLAIN);
    assertThat(seal.open(former, "other")).isEmpty();
    assertThat(seal.seal(PLAIN, "context")).hasSameSizeAs(token);
  }
}
