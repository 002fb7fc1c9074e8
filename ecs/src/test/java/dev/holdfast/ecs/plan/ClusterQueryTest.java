// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClusterQueryTest {
  private static final InstanceFacts FACTS =
      new InstanceFacts(
          "i-0abc",
          Map.of("ecs.availability-zone", "eu-1a", "ecs.instance-type", "g2.large", "rack", ""),
          "1.105.1",
          Instant.parse("2026-11-20T10:00:00Z"),
          3,
          Map.of("service:web", 2, "family:job", 1),
          Set.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attribute:ecs.instance-type == g2.large",
        "attribute:ecs.instance-type equals g2.large",
        "attribute:ecs.instance-type =~ g2.* and attribute:ecs.availability-zone != us-east-1d",
        "attribute:ecs.instance-type matches 'g(2|3)\\.[a-z]+'",
        "attribute:ecs.availability-zone in [eu-1a, eu-1b]",
        "attribute:ecs.availability-zone not_in ['us-1a']",
        "attribute:ecs.availability-zone !in [us-1a]",
        "attribute:rack exists",
        "attribute:gpu not_exists",
        "attribute:gpu !exists",
        "attribute:gpu != yes",
        "not(attribute:gpu exists)",
        "!(attribute:gpu exists) && agentConnected == true",
        "task:group == service:web",
        "task:group in [service:other, family:job]",
        "not(task:group == service:database)",
        "task:group != service:database",
        "runningTasksCount == 3",
        "runningTasksCount >= 2 and runningTasksCount < 10",
        "agentVersion >= 1.9",
        "agentVersion greater_than 1.105.0",
        "registeredAt < 2026-11-21T00:00:00Z",
        "registeredAt >= 2026-11-20T11:00:00+01:00",
        "ec2InstanceId in ['i-0abc','i-0def']",
        "attribute:a == 1 or attribute:b == 2 or ec2InstanceId == i-0abc",
        "attribute:ecs.instance-type !~ t2.*",
        "(((agentConnected == true)))"
      })
  void findsTheInstance(String expression) {
    assertThat(ClusterQuery.parse(expression).matches(FACTS, true)).isTrue();
    assertThat(ClusterQuery.parse("not(" + expression + ")").matches(FACTS, true)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "attribute:a",
        "attribute: == 1",
        "attribute:a ==",
        "attribute:a = 1",
        "attribute:a == 1 and",
        "attribute:a == 1 attribute:b == 2",
        "(attribute:a == 1",
        "attribute:a == 1)",
        "nothing == 1",
        "attribute:a in 1",
        "attribute:a in [1",
        "attribute:a in []",
        "attribute:a == 'open",
        "attribute:a =~ (",
        "attribute:a =~ 'a**'",
        "attribute:a =~ '[z-a]'",
        "attribute:a =~ '(?=x)'",
        "attribute:a =~ '\\q'",
        "==",
        "!",
        "and"
      })
  void refusesWhatIsNoExpression(String expression) {
    assertThat(ClusterQuery.fault(expression)).isPresent();
    assertThatThrownBy(() -> ClusterQuery.parse(expression))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void boundsLengthAndDepth() {
    assertThat(ClusterQuery.fault("attribute:a == " + "x".repeat(2000))).isPresent();
    String deep = "(".repeat(200) + "agentConnected == true" + ")".repeat(200);
    assertThat(ClusterQuery.fault(deep)).hasValueSatisfying(t -> assertThat(t).contains("nest"));
    String groups = "attribute:a =~ '" + "(".repeat(200) + "x" + ")".repeat(200) + "'";
    assertThat(ClusterQuery.fault(groups)).hasValueSatisfying(t -> assertThat(t).contains("nest"));
    assertThat(ClusterQuery.fault("!".repeat(1900) + "(agentConnected == true)")).isEmpty();
  }

  /** The patterns that backtracking engines take for ever over. */
  @Test
  @Timeout(5)
  void takesNoLongerForAnyPattern() {
    var facts =
        new InstanceFacts(
            "i", Map.of("a", "a".repeat(128) + "!"), null, null, 0, Map.of(), Set.of());
    for (String pattern :
        new String[] {"(a+)+", "(a*)*b", "(a|a)*", "(a|aa)+c", "((a?)*)*", "(.*)(.*)(.*)(.*)x"}) {
      assertThat(ClusterQuery.parse("attribute:a =~ '" + pattern + "'").matches(facts, true))
          .as(pattern)
          .isFalse();
    }
    String nested = "(".repeat(49) + "a" + ")*".repeat(49);
    assertThat(ClusterQuery.parse("attribute:a =~ '" + nested + "'").matches(facts, true))
        .isFalse();
  }

  /** Our patterns mean what the library's mean, wherever both know them. */
  @Test
  void agreesWithTheLibraryOnPatterns() {
    var random = new SplittableRandom(7);
    String alphabet = "ab.*+?|()[]^-\\d";
    int compared = 0;
    for (int round = 0; round < 20_000; round++) {
      var pattern = new StringBuilder();
      for (int i = random.nextInt(1, 9); i > 0; i--) {
        pattern.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      var text = new StringBuilder();
      for (int i = random.nextInt(6); i > 0; i--) {
        text.append("ab1-".charAt(random.nextInt(4)));
      }
      QueryPattern ours;
      java.util.regex.Pattern theirs;
      try {
        ours = QueryPattern.of(pattern.toString());
        theirs = java.util.regex.Pattern.compile(pattern.toString());
      } catch (IllegalArgumentException _) {
        continue;
      }
      // The library joins and intersects nested classes; ours take a [ inside one as itself.
      if (pattern.indexOf("[") != pattern.lastIndexOf("[")) {
        continue;
      }
      compared++;
      assertThat(ours.matches(text.toString()))
          .as("%s on %s", pattern, text)
          .isEqualTo(theirs.matcher(text).matches());
    }
    assertThat(compared).isGreaterThan(3000);
  }

  @Test
  @Timeout(20)
  void neverFailsOtherwiseThanBySayingSo() {
    var random = new SplittableRandom(11);
    String[] words = {
      "attribute:a",
      "task:group",
      "==",
      "!=",
      "in",
      "[",
      "]",
      ",",
      "(",
      ")",
      "and",
      "or",
      "not",
      "!",
      "'",
      "\"",
      "x",
      "=~",
      "(a|b)*",
      "exists",
      "!exists",
      "\\",
      "1.2",
      "\u0000",
      "[a-",
      "runningTasksCount"
    };
    int good = 0;
    for (int round = 0; round < 50_000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        text.append(words[random.nextInt(words.length)]).append(random.nextInt(4) == 0 ? "" : " ");
      }
      try {
        ClusterQuery query = ClusterQuery.parse(text.toString());
        boolean answer = query.matches(FACTS, true);
        assertThat(ClusterQuery.parse("not(" + text + ")").matches(FACTS, true))
            .isNotEqualTo(answer);
        good++;
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(good).isPositive();
  }
}
