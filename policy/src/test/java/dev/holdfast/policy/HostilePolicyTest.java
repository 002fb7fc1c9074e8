// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.policy.PolicyDocument.Kind;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * Documents made to be slow. What is measured is growth: eight times the size may cost a little
 * more than eight times the processor time, where going back over it would cost 64 times as much.
 */
class HostilePolicyTest {
  private static final int TIMES = 8;
  private static final int LONGEST = 131_072;

  /** Least processor time of some runs, in nanoseconds. */
  private static long cost(Runnable work) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 7; i++) {
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      work.run();
      least =
          Math.min(least, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start);
    }
    return Math.max(least, 1);
  }

  /** Asserts that the work of {@code size} and of eight times that differ like the sizes do. */
  private static void growsLikeItsSize(int size, IntFunction<Runnable> work) {
    Runnable small = work.apply(size);
    Runnable large = work.apply(size * TIMES);
    for (int i = 0; i < 20; i++) {
      small.run();
    }
    // A collection or a compilation in between may spoil one measurement, not each.
    double growth = Double.MAX_VALUE;
    for (int i = 0; i < 5 && growth > TIMES * 2; i++) {
      growth = Math.min(growth, (double) cost(large) / cost(small));
    }
    assertThat(growth).as("growth of cost").isLessThan(TIMES * 3);
  }

  private static NamedPolicy allow(String resource, String condition) {
    return Cases.identity(
        "{'Effect':'Allow','Action':'*','Resource':'"
            + resource
            + "','Condition':"
            + condition
            + "}");
  }

  /** A decision over one policy, and that it does not allow. */
  private static Runnable decision(NamedPolicy policy, String resource, Context context) {
    Policies policies = Policies.ofIdentity(List.of(policy));
    var request = new Request(Cases.BOB, "ecs:RunTask", resource, Cases.ACCOUNT, context);
    return () -> assertThat(Evaluator.decide(policies, request).allowed()).isFalse();
  }

  @Test
  void wildcardsOfConditionsTakeTimeLikeTheValue() {
    NamedPolicy policy = allow("*", "{'StringLike':{'x:name':'" + "*a?".repeat(12) + "*b'}}");
    growsLikeItsSize(4_000, n -> decision(policy, "*", Cases.context("x:name", "a".repeat(n))));
  }

  @Test
  void wildcardsOfConditionsTakeTimeLikeThePattern() {
    growsLikeItsSize(
        200,
        n ->
            decision(
                allow("*", "{'StringLike':{'x:name':'" + "*a?".repeat(n) + "*b*'}}"),
                "*",
                Cases.context("x:name", "a".repeat(3_000))));
  }

  @Test
  void wildcardsOfResourcesTakeTimeLikeTheResource() {
    NamedPolicy within = allow("arn:aws:ecs:e" + "*a".repeat(12) + "*b:1:x", "{}");
    growsLikeItsSize(
        2_000, n -> decision(within, "arn:aws:ecs:e" + "a".repeat(n) + ":1:x", Context.EMPTY));
    NamedPolicy across = allow("arn:aws:ecs:*:*:" + "*a".repeat(12) + "*b", "{}");
    growsLikeItsSize(
        2_000, n -> decision(across, "arn:aws:ecs:e:1:" + "a".repeat(n), Context.EMPTY));
  }

  @Test
  void wildcardsOfArnConditionsTakeTimeLikeTheArn() {
    NamedPolicy policy =
        allow("*", "{'ArnLike':{'x:arn':'arn:aws:ecs:*:*:" + "*a".repeat(12) + "*b'}}");
    growsLikeItsSize(
        4_000,
        n -> decision(policy, "*", Cases.context("x:arn", "arn:aws:ecs:e:1:" + "a:".repeat(n))));
  }

  @Test
  void variablesTakeTimeLikeTheirValues() {
    NamedPolicy policy = allow("*", "{'StringLike':{'x:name':'" + "${x:own}".repeat(20) + "*b'}}");
    growsLikeItsSize(
        500,
        n ->
            decision(
                policy,
                "*",
                Cases.context("x:own", "a".repeat(n), "x:name", "a".repeat(20 * n + 1))));
  }

  @Test
  void setsOfValuesTakeTimeLikeTheRequest() {
    NamedPolicy policy = allow("*", "{'ForAnyValue:StringLike':{'x:tags':['b*','c*','*d','?e?']}}");
    growsLikeItsSize(
        500,
        n ->
            decision(
                policy, "*", Context.of(Map.of("x:tags", Collections.nCopies(n, "aaaaaaaa")))));
  }

  @Test
  void documentsAreReadInTimeLikeTheirSize() {
    String statement = "{'Effect':'Allow','Action':'ecs:*','Resource':'*'}";
    growsLikeItsSize(150, n -> parsing("[" + (statement + ",").repeat(n) + statement + "]"));
    String values = "'a',";
    growsLikeItsSize(
        2_000,
        n ->
            parsing(
                "{'Effect':'Allow','Action':'*','Resource':'*','Condition':{'StringLike':{'a:b':["
                    + values.repeat(n)
                    + "'b']}}}"));
  }

  private static Runnable parsing(String statements) {
    String text = ("{'Version':'2012-10-17','Statement':" + statements + "}").replace('\'', '"');
    assertThat(text.length()).isLessThan(LONGEST);
    return () -> assertThat(PolicyDocument.parse(text, Kind.IDENTITY).statements()).isNotEmpty();
  }

  @Test
  void refusesWhatIsTooLongOrTooDeep() {
    for (String bad :
        List.of(
            " ".repeat(LONGEST) + "{}",
            "[".repeat(LONGEST),
            "{\"Statement\":".repeat(10_000),
            "{\"Statement\":" + "[".repeat(60_000) + "]".repeat(60_000) + "}",
            "{\"Version\":" + "9".repeat(100_000) + "}",
            "{\"Condition\":" + "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000) + "}")) {
      for (Kind kind : Kind.values()) {
        assertThatThrownBy(() -> PolicyDocument.parse(bad, kind))
            .isInstanceOf(MalformedPolicy.class);
      }
    }
  }

  @Test
  void asManyActionsAsAreAskedForTakeNoMoreRoom() {
    PolicyDocument document = Cases.allow("ecs:*", "*").document();
    for (int i = 0; i < 100_000; i++) {
      assertThat(document.row("ecs:Made" + i)).isNotNull();
    }
    assertThat(document.rowsKept()).isLessThan(10_000);
  }
}
