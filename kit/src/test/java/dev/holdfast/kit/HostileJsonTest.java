// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that are small on the wire, or that others read differently. */
class HostileJsonTest {
  record Sample(int count, double ratio, @Nullable Named named) {}

  record Named(String name) {
    Named {
      name = name.strip();
    }
  }

  private static final RecordCodec<Sample> SAMPLES = RecordCodec.of(Sample.class);

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void documentsFromOutsideHaveABoundedNumberOfTokens() {
    byte[] most = utf8("[" + "0,".repeat(Json.MOST_TOKENS - 3) + "0]");
    assertThat(Json.parse(most)).isInstanceOf(JsonValue.JsonArray.class);
    byte[] more = utf8("[" + "0,".repeat(Json.MOST_TOKENS) + "0]");
    assertThatThrownBy(() -> Json.parse(more)).isInstanceOf(Json.MalformedJson.class);
    assertThat(Json.parseOwn(more)).as("what we wrote ourselves").isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\\ud800\"", "\"\\udc00\"", "\"\\ud83d\\u0041\"", "{\"\\ud800\":1}"})
  void halfACharacterIsNoText(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(Json.MalformedJson.class);
    assertThat(Json.parse("\"\\ud83d\\ude00 \\\\ud800\""))
        .isEqualTo(JsonValue.of("\ud83d\ude00 \\ud800"));
  }

  @Test
  void bytesInAnotherSpellingAreNoText() {
    for (byte[] bytes :
        List.of(
            new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'},
            new byte[] {'"', (byte) 0xc1, (byte) 0xa1, '"'},
            new byte[] {'"', (byte) 0xe0, (byte) 0x80, (byte) 0xaf, '"'},
            new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
            new byte[] {'"', (byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80, '"'},
            new byte[] {'"', (byte) 0xe2, (byte) 0x82, '"'},
            new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, '1'},
            "{\"a\":1}".getBytes(StandardCharsets.UTF_16BE),
            "{\"a\":1}".getBytes(StandardCharsets.UTF_16),
            "1".getBytes(java.nio.charset.Charset.forName("UTF-32LE")))) {
      assertThatThrownBy(() -> Json.parse(bytes)).isInstanceOf(Json.MalformedJson.class);
    }
    assertThat(Json.parse("\"\u00e9\u6f22\ud83d\ude00\"")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"count\":99999999999}",
        "{\"count\":1.5}",
        "{\"ratio\":1e400}",
        "{\"named\":{}}",
        "{\"named\":{\"name\":null}}",
        "{\"count\":\"1\"}",
        "[]"
      })
  void recordsAreRefusedInOneWay(String text) {
    assertThatThrownBy(() -> SAMPLES.read(utf8(text))).isInstanceOf(Json.MalformedJson.class);
    assertThat(SAMPLES.read(utf8("{\"count\":1,\"ratio\":2,\"named\":{\"name\":\" n\"}}")))
        .isEqualTo(new Sample(1, 2, new Named("n")));
  }
}
