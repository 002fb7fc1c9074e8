// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class UnicodeTest {
  private static final String SHIP = "\uD83D\uDEA2";

  @Test
  void cutsBesideAPairNeverThroughIt() {
    assertThat(Unicode.cut("ab" + SHIP, 4)).isEqualTo("ab" + SHIP);
    assertThat(Unicode.cut("ab" + SHIP, 3)).isEqualTo("ab");
    assertThat(Unicode.cut("ab" + SHIP, 2)).isEqualTo("ab");
    assertThat(Unicode.cut(SHIP, 0)).isEmpty();
  }

  @Test
  void replacesHalvesAndKeepsPairs() {
    String whole = "a" + SHIP + "b";
    assertThat(Unicode.writable(whole)).isSameAs(whole);
    assertThat(Unicode.writable("\uD83D")).isEqualTo("\uFFFD");
    assertThat(Unicode.writable("\uDEA2\uD83D" + SHIP + "\uD83D"))
        .isEqualTo("\uFFFD\uFFFD" + SHIP + "\uFFFD");
  }

  @Test
  void infinityIsNoJsonNumber() {
    assertThatThrownBy(() -> JsonValue.JsonNumber.of(Double.POSITIVE_INFINITY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(JsonValue.JsonNumber.of(1.5e300).asDouble()).isEqualTo(1.5e300);
  }
}
