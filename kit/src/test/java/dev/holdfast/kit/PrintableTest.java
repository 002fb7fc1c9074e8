// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.JsonValue.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain words, 1 + 1 = 2 & <b>bold</b>",
        "Grüße, Ελληνικά, русский, 日本語, العربية, हिन्दी, 한국어",
        "😀 🇩🇪 ✔️",
        ""
      })
  void leavesReadableTextAsItIs(String text) {
    assertThat(Printable.line(text)).isSameAs(text);
    assertThat(Printable.text(text)).isSameAs(text);
    assertThat(Printable.json(text)).isSameAs(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0x00, \\x00",
    "0x07, \\x07",
    "0x08, \\x08",
    "0x0a, \\n",
    "0x0d, \\r",
    "0x1b, \\e",
    "0x7f, \\x7f",
    "0x85, \\x85",
    "0x9b, \\x9b", // a terminal may take it for ESC [
    "0x9d, \\x9d",
    "0xad, \\xad", // the soft hyphen hides
    "0x061c, \\u{61c}",
    "0x200b, \\u{200b}",
    "0x200e, \\u{200e}",
    "0x2028, \\u{2028}",
    "0x2029, \\u{2029}",
    "0x202a, \\u{202a}",
    "0x202e, \\u{202e}", // writes from right to left
    "0x2066, \\u{2066}",
    "0x2069, \\u{2069}",
    "0x3164, \\u{3164}",
    "0xfeff, \\u{feff}",
    "0xfff9, \\u{fff9}",
    "0xe000, \\u{e000}",
    "0xe0041, \\u{e0041}", // a tag, which shows nothing
    "0xe01ef, \\u{e01ef}",
    "0xd800, \\u{d800}",
    "0x10ffff, \\u{10ffff}"
  })
  void writesOutWhatActs(String code, String written) {
    int point = Integer.decode(code);
    String text = "a" + new String(new int[] {point}, 0, 1) + "b";
    assertThat(Printable.line(text)).isEqualTo("a" + written + "b");
  }

  @Test
  void keepsLinesAndTabsWhereTheyAreMeant() {
    assertThat(Printable.text("a\n\tb\r\u001b[2J")).isEqualTo("a\n\tb\\r\\e[2J");
    assertThat(Printable.line("a\n\tb")).isEqualTo("a\\n\\tb");
  }

  @Test
  void noCharacterThatActsIsLeftInAnyText() {
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      String shown = Printable.line(new String(new int[] {point}, 0, 1));
      assertThat(shown.codePoints().anyMatch(Printable::acts)).as("U+%x", point).isFalse();
      assertThat(shown.chars().noneMatch(c -> c == '\n' || c == 0x1b || c == 0x9b))
          .as("U+%x", point)
          .isTrue();
    }
  }

  @Test
  void aJsonDocumentStaysTheSameDocument() {
    JsonObject document =
        JsonObject.EMPTY.with(
            "message",
            "\u001b]0;title\u0007 \u009b31m \u202e \u2028 \ud83d\ude00 \udb40\udc41 \n é");
    String shown = Printable.json(Json.text(document));
    assertThat(Json.parse(shown)).isEqualTo(document);
    assertThat(shown.codePoints().anyMatch(Printable::acts)).isFalse();
    assertThat(shown).contains("😀", "é").doesNotContain("\u202e", "\u009b");
  }

  @Test
  void cutsLongLines() {
    assertThat(Printable.clipped("x".repeat(50), 10)).isEqualTo("x".repeat(10) + "...");
    assertThat(Printable.clipped("\n", 10)).isEqualTo("\\n");
  }
}
