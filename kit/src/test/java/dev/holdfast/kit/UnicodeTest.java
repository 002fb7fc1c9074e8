// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnicodeTest {
  private static final String SHIP = "\uD83D\uDEA2";

  @Test
  void wholeTextsHaveEachSurrogateInAPair() {
    assertThat(Unicode.isWhole("")).isTrue();
    assertThat(Unicode.isWhole("a" + SHIP + SHIP + "\uFFFD")).isTrue();
    assertThat(Unicode.isWhole("\uD83D")).isFalse();
    assertThat(Unicode.isWhole("a\uDEA2b")).isFalse();
    assertThat(Unicode.isWhole("\uDEA2\uD83D")).isFalse();
    assertThat(Unicode.isWhole(SHIP + "\uD83D")).isFalse();
  }

  @Test
  void cutsBesideAPairNeverThroughIt() {
    assertThat(Unicode.cut("ab" + SHIP, 4)).isEqualTo("ab" + SHIP);
    assertThat(Unicode.cut("ab" + SHIP, 3)).isEqualTo("ab");
    assertThat(Unicode.cut("ab" + SHIP, 2)).isEqualTo("ab");
    assertThat(Unicode.cut(SHIP, 0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"\\ud83d\"]", "{\"\\udea2\":1}", "\"a\\ud83d \\udea2\""})
  void jsonWithAHalfPairIsMalformed(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(Json.MalformedJson.class);
    String whole = text.replaceAll("\\\\u.{4}(?: \\\\u.{4})?", "\\\\ud83d\\\\udea2");
    assertThat(Json.text(Json.parse(whole)).getBytes(StandardCharsets.UTF_8)).isNotEmpty();
  }

  @Test
  void infinityIsNoJsonNumber() {
    assertThatThrownBy(() -> JsonValue.JsonNumber.of(Double.POSITIVE_INFINITY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(JsonValue.JsonNumber.of(1.5e300).asDouble()).isEqualTo(1.5e300);
  }
}
