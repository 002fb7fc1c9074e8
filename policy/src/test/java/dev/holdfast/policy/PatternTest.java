// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import static dev.holdfast.policy.Cases.context;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternTest {

  private static boolean matches(String pattern, String resource, Context context) {
    return ResourcePattern.parse(pattern, true).matches(resource, context);
  }

  @ParameterizedTest(name = "{0} covers {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "*|*|true",
        "*|arn:aws:ecs:eu-west-1:1:cluster/a|true",
        "arn:aws:ecs:*|*|false",
        "arn:aws:ecs:*|arn:aws:ecs:eu-west-1:1:cluster/a|true",
        "arn:aws:ecs:*|arn:aws:ecr:eu-west-1:1:repository/a|false",
        "arn:aws:ecs:*:task-definition/x:7|arn:aws:ecs:eu-west-1:1:task-definition/x:7|true",
        "arn:aws:ecs:*:task-definition/x:7|arn:aws:ecs:eu-west-1:1:task-definition/x:8|false",
        "arn:aws:ecs:eu-*-1:1:cluster/*|arn:aws:ecs:eu-west-1:1:cluster/a/b|true",
        "arn:aws:ecs:e*1:1:cluster/a|arn:aws:ecs:eu-west-2:1:1:cluster/a|false",
        "arn:aws:ecs:eu-west-?:1:cluster/a|arn:aws:ecs:eu-west-1:1:cluster/a|true",
        "arn:aws:ecs:*:1:cluster/?|arn:aws:ecs:eu-west-1:1:cluster/a|true",
        "arn:aws:ecs:*:1:cluster/?|arn:aws:ecs:eu-west-1:1:cluster/ab|false",
        "arn:aws:logs:r:1:log-group:*:x|arn:aws:logs:r:1:log-group:a:b:x|true",
        "arn:aws:ecs:r:1:cluster/A|arn:aws:ecs:r:1:cluster/a|false",
        "arn:aws:ecs:*:*:*|arn:aws:ecs:r:1:cluster/a|true",
        "arn:*:ecs:r:1:c*/a*|arn:aws:ecs:r:1:cluster/abc|true",
      })
  void matchesResources(String pattern, String resource, boolean expected) {
    assertThat(matches(pattern, resource, Context.EMPTY)).isEqualTo(expected);
  }

  @Test
  void substitutesVariablesAsLiteralText() {
    String pattern = "arn:aws:ecs:*:*:cluster/${aws:username}-*";
    String mine = "arn:aws:ecs:r:1:cluster/bob-1";
    assertThat(matches(pattern, mine, context("aws:UserName", "bob"))).isTrue();
    assertThat(matches(pattern, mine, context("aws:username", "*"))).isFalse();
    assertThat(matches(pattern, mine, context("aws:username", "b?b"))).isFalse();
    assertThat(matches(pattern, mine, Context.EMPTY)).isFalse();
    String literal = "arn:aws:ecs:r:1:cluster/*-1";
    assertThat(matches(pattern, literal, context("aws:username", "*"))).isTrue();
    assertThat(matches("arn:aws:ecs:r:1:cluster/${*}-1", literal, Context.EMPTY)).isTrue();
    assertThat(matches("arn:aws:ecs:r:1:cluster/${*}-1", mine, Context.EMPTY)).isFalse();
    String fallback = "arn:aws:ecs:r:1:cluster/${aws:PrincipalTag/t, 'none'}";
    assertThat(matches(fallback, "arn:aws:ecs:r:1:cluster/none", Context.EMPTY)).isTrue();
  }

  @Test
  void leavesVariablesAloneInTheOldVersion() {
    ResourcePattern old = ResourcePattern.parse("arn:aws:ecs:r:1:cluster/${aws:username}", false);
    assertThat(old.matches("arn:aws:ecs:r:1:cluster/${aws:username}", Context.EMPTY)).isTrue();
    assertThat(old.matches("arn:aws:ecs:r:1:cluster/bob", context("aws:username", "bob")))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cluster/a",
        "arn:aws:ecs",
        "arn:aws:ecs:r:1",
        "arn:aws:ecs:eu-west?1:cluster/a",
        "arn:*",
        "arn:aws:e*:r:1:cluster/a",
        "arn:aws:ecs:r:${aws:PrincipalAccount}:cluster/a",
        "arn:aws:ecs:r:1:cluster/${aws:username",
        "arn:aws:ecs:r:1:cluster/${aws:username, none}",
      })
  void refusesWhatIsNoResource(String pattern) {
    assertThatThrownBy(() -> ResourcePattern.parse(pattern, true))
        .isInstanceOf(MalformedPolicy.class);
  }

  @Test
  void wildcardsDoNotBlowUp() {
    String pattern = "a*".repeat(200) + "b";
    String text = "a".repeat(5_000);
    Glob glob = new Glob(Template.parse(pattern, false, true).tokens());
    assertThat(glob.matches(text)).isFalse();
    assertThat(glob.matches(text + "b")).isTrue();
  }

  /** Patterns with variables are matched as if their values had been written into them. */
  @Test
  void valuesNeedNotBeWrittenIntoPatterns() {
    var random = new SplittableRandom(11);
    List<String> pieces = List.of("a", "b", "ab", "*", "?", "${x}", "${y}", "${z, 'b'}", "${?}");
    int matched = 0;
    for (int i = 0; i < 60_000; i++) {
      var pattern = new StringBuilder();
      for (int left = 1 + random.nextInt(7); left > 0; left--) {
        pattern.append(pieces.get(random.nextInt(pieces.size())));
      }
      var text = new StringBuilder();
      for (int left = random.nextInt(9); left > 0; left--) {
        text.append("aab*?".charAt(random.nextInt(5)));
      }
      Context context =
          random.nextInt(4) == 0
              ? context("x", "a")
              : context("x", random.nextBoolean() ? "ab" : "*", "y", "a");
      Template template = Template.parse(pattern.toString(), true, true);
      int[] written = template.resolve(context);
      boolean expected = written != null && Glob.matches(written, text.toString());
      assertThat(new OpenGlob(template).matches(text.toString(), context))
          .as("%s over %s", pattern, text)
          .isEqualTo(expected);
      matched += expected ? 1 : 0;
    }
    assertThat(matched).isGreaterThan(2_000);
  }

  /** However long the text is that somebody names, its every place asks for no value again. */
  @Test
  void aLongTextAsksForAValueOnce() {
    var asked = new AtomicInteger();
    Context context =
        key -> {
          asked.incrementAndGet();
          return List.of("ab");
        };
    for (String pattern : List.of("*${x}*", "arn:*${x}z*", "${x}*${x}")) {
      asked.set(0);
      var glob = new OpenGlob(Template.parse(pattern, true, true));
      assertThat(glob.matches("arn:" + "a".repeat(100_000), context)).isFalse();
      assertThat(asked.get()).as(pattern).isLessThan(3);
      assertThat(glob.matches("arn:" + "a".repeat(100_000) + "ab", context))
          .isEqualTo(pattern.equals("*${x}*"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3,0",
    "1.2.3.256,0",
    "1.2.3.4/33,0",
    "1.2.3.4/,0",
    "::1::,0",
    ":::,0",
    "1:2,0",
    "g::,0",
    "::1.2.3.4,1",
    "::,1",
    "1::8,1",
    "1:2:3:4:5:6:7:8,1",
    "1:2:3:4:5:6:7:8:9,0",
    "2001:db8::/129,0",
    "1:2:3:4:5:6:1.2.3.4,1",
    "1:2:3:4:5:6:7:1.2.3.4,0",
    "1.2.3.4::,0",
    "1.2.3.4::1/8,0",
    "1::1.2.3.4,1",
    "'',0",
    "1.2.3.4/0,1"
  })
  void readsNetworks(String text, int valid) {
    assertThat(Network.parse(text) != null).isEqualTo(valid == 1);
  }

  @ParameterizedTest
  @CsvSource({
    "2026,1",
    "2026-13,0",
    "2026-02-30,0",
    "2026-05-01T10:00,0",
    "2026-05-01T10:00Z,1",
    "2026-05-01T10Z,0",
    "2026-05-01T10:00:00.1234567891Z,1",
    "2026-05-01T10:00:00.Z,0",
    "2026-05T10:00Z,0",
    "-5,1",
    "-,0",
    "99999999999999999999,0",
    "9223372036854775807,0",
    "2026-05-01T10:00:00+02:00,1",
    "'',0",
    "2026-5-1,0"
  })
  void readsDates(String text, int valid) {
    assertThat(Dates.parse(text) != null).isEqualTo(valid == 1);
  }

  @Test
  void theClockIsReadLikeTheCalendarReadsIt() {
    var random = new SplittableRandom(3);
    Instant from = Instant.parse("0000-01-01T00:00:00Z");
    long span = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond() - from.getEpochSecond();
    for (int i = 0; i < 20_000; i++) {
      Instant moment = from.plusSeconds(random.nextLong(span));
      long read = Dates.seconds(moment.toString());
      boolean last = moment.atOffset(ZoneOffset.UTC).getDayOfMonth() > 28;
      assertThat(read).isEqualTo(last ? Dates.NO_SECONDS : moment.getEpochSecond());
      assertThat(Dates.parse(moment.toString())).isEqualTo(moment);
    }
    assertThat(Dates.seconds("1777629600")).isEqualTo(1777629600);
    for (String other :
        List.of("2026", "2026-05-01T10:00:00z", "2026-13-01T10:00:00Z", "-1777629")) {
      assertThat(Dates.seconds(other)).isEqualTo(Dates.NO_SECONDS);
    }
  }
}
