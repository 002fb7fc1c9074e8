// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.policy.PolicyDocument.Kind;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the text, the parser compiles it or refuses it, and the evaluator answers. */
class ParserFuzzTest {
  private static final List<Kind> KINDS = List.of(Kind.values());
  private static final List<String> SPICE =
      List.of(
          "${",
          "}",
          "${aws:username}",
          "${*}",
          "*",
          "?",
          ":",
          "arn:",
          "arn:aws:ecs:*",
          "\\u0000",
          "\\ud800",
          "\"",
          "{",
          "[",
          "]",
          ",",
          "null",
          "true",
          "1e999999999",
          "-",
          "IfExists",
          "ForAllValues:",
          "ForAnyValue:",
          "Null",
          "DateEquals",
          "IpAddress",
          "BinaryEquals",
          "ArnLike",
          "NumericEquals",
          "::ffff:1.2.3.4/96",
          "2026-05-01T10:00Z",
          "\\",
          "\u00e9");

  @Test
  void mutationsAreCompiledOrRefused() {
    int[] compiled = new int[2];
    for (int seed = 0; seed < 20_000; seed++) {
      var random = new Random(seed);
      var generator = new PolicyGenerator(random);
      Kind kind = KINDS.get(random.nextInt(KINDS.size()));
      Kind grammar = kind == Kind.TRUST ? Kind.RESOURCE : kind;
      String text = mutated(generator.policy(grammar, null).document().source(), random);
      compiled[compiles(text, kind, generator) ? 1 : 0]++;
    }
    assertThat(compiled[0]).isGreaterThan(1_000);
    assertThat(compiled[1]).isGreaterThan(1_000);
  }

  private static boolean compiles(String text, Kind kind, PolicyGenerator generator) {
    try {
      PolicyDocument document = PolicyDocument.parse(text, kind);
      var policies = Policies.ofIdentity(List.of(new NamedPolicy("p", document)));
      Request request = generator.request();
      assertThat(Evaluator.explain(policies, request).decision())
          .isEqualTo(Evaluator.decide(policies, request));
      assertThat(document.contextKeys()).isNotNull();
      return true;
    } catch (MalformedPolicy _) {
      return false;
    }
  }

  private static String mutated(String source, Random random) {
    var text = new StringBuilder(source);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(text.length() + 1);
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, SPICE.get(random.nextInt(SPICE.size())));
        case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(6)));
        case 2 -> text.insert(at, (char) random.nextInt(0x120));
        default -> {
          int from = random.nextInt(text.length() + 1);
          String piece = text.substring(from, Math.min(text.length(), from + random.nextInt(20)));
          text.insert(at, piece);
        }
      }
    }
    return text.toString();
  }

  @Test
  void deepAndLongTextsAreRefused() {
    String deep = "[".repeat(50_000);
    assertThat(compiles(deep, Kind.IDENTITY, new PolicyGenerator(new Random(1)))).isFalse();
    String longText = " ".repeat(200_000);
    assertThat(compiles(longText, Kind.IDENTITY, new PolicyGenerator(new Random(1)))).isFalse();
    String number = "{\"Statement\":" + "9".repeat(5_000) + "}";
    assertThat(compiles(number, Kind.IDENTITY, new PolicyGenerator(new Random(1)))).isFalse();
  }
}
