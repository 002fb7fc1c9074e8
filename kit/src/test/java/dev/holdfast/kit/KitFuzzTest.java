// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KitFuzzTest {
  private static final Pattern ARN =
      Pattern.compile("arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)", Pattern.DOTALL);

  /** One of everything that a record may hold. */
  record Sample(
      @Nullable String name,
      int count,
      long wide,
      double ratio,
      boolean flag,
      @Nullable Instant at,
      @Nullable Duration took,
      @Nullable Kind kind,
      @Nullable AccountId account,
      Map<String, String> tags,
      List<String> list,
      @Nullable Inner inner) {}

  record Inner(String name, @Nullable JsonValue any) {
    Inner {
      name = name.strip();
    }
  }

  enum Kind {
    ONE,
    OTHER
  }

  private static final RecordCodec<Sample> SAMPLES = RecordCodec.of(Sample.class);

  @Test
  void jsonIsReadAsAnotherParserReadsItAndWrittenBack() {
    Fuzz.run(KitFuzzTest.class, "json", KitFuzzTest::json);
  }

  static String json(byte[] input) {
    Optional<JsonValue> plain = PlainJson.parse(input);
    JsonValue value;
    try {
      value = Json.parse(input);
    } catch (Json.MalformedJson e) {
      assertThat(plain).as("refused: %s", e.getMessage()).isEmpty();
      return "refused " + String.valueOf(e.getMessage()).replaceAll("[0-9]+", "n").length();
    }
    assertThat(value).isEqualTo(plain.orElseThrow());
    byte[] written = Json.bytes(value);
    assertThat(Json.parse(written)).isEqualTo(value);
    assertThat(Json.bytes(Json.parse(written))).isEqualTo(written);
    return value.getClass().getSimpleName() + Math.min(64, written.length);
  }

  @Test
  void recordsAreReadOrRefusedAndWrittenBack() {
    Fuzz.run(KitFuzzTest.class, "record", KitFuzzTest::record);
  }

  static String record(byte[] input) {
    Sample sample;
    try {
      sample = SAMPLES.read(input);
    } catch (Json.MalformedJson _) {
      return "refused";
    }
    byte[] written = SAMPLES.bytes(sample);
    Sample again = SAMPLES.read(written);
    assertThat(again).isEqualTo(sample);
    return Integer.toHexString(sample.tags().size() * 31 + sample.list().size());
  }

  @Test
  void arnsAreReadAsTheirGrammarSays() {
    Fuzz.run(KitFuzzTest.class, "arn", KitFuzzTest::arn);
  }

  static String arn(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Matcher grammar = ARN.matcher(text);
    Optional<Arn> arn = Arn.parse(text);
    assertThat(arn.isPresent()).isEqualTo(grammar.matches());
    if (arn.isEmpty()) {
      return "none";
    }
    assertThat(arn.get())
        .isEqualTo(
            new Arn(
                grammar.group(1),
                grammar.group(2),
                grammar.group(3),
                grammar.group(4),
                grammar.group(5)));
    assertThat(arn).hasToString("Optional[" + text + "]");
    assertThat(AccountId.parse(arn.get().account()).isPresent())
        .isEqualTo(arn.get().account().matches("[0-9]{12}"));
    Optional<Region> region = Region.parse(arn.get().region());
    assertThat(region.map(Region::name).orElse(arn.get().region())).isEqualTo(arn.get().region());
    return "arn " + region.isPresent();
  }

  @Test
  void timesInIdsAreReadOrNot() {
    Fuzz.run(
        KitFuzzTest.class,
        "arn",
        input -> {
          String text = HexFormat.of().formatHex(input);
          Optional<Instant> time =
              text.length() < 32
                  ? Ids.timeOf(text)
                  : Ids.timeOf(
                      text.substring(0, 8)
                          + "-"
                          + text.substring(8, 12)
                          + "-7"
                          + text.substring(13, 16)
                          + "-"
                          + text.substring(16, 20)
                          + "-"
                          + text.substring(20, 32));
          assertThat(time.isPresent()).isEqualTo(text.length() >= 32);
          return "time " + time.isPresent();
        });
  }
}
