// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Json;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.policy.Shrink.Change;
import dev.holdfast.policy.Shrink.Proposal;
import dev.holdfast.policy.Shrink.Use;
import dev.holdfast.policy.Shrink.What;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is proposed allows what was used, and nothing that was not allowed before. */
class ShrinkTest {
  private static final String TASK =
      "arn:aws:ecs:eu-west-1:111122223333:task/prod/0123456789abcdef0123456789abcdef";

  private static Proposal shrink(String statements, Set<Use> uses, String... unresolved) {
    return Shrink.of(List.of(Cases.identity(statements)), uses, Set.of(unresolved)).getFirst();
  }

  private static String statements(Proposal proposal) {
    PolicyDocument document = Objects.requireNonNull(proposal.document());
    return Json.text(Objects.requireNonNull(document.tree().get("Statement"))).replace('"', '\'');
  }

  @Test
  void whatWasNotUsedGoes() {
    var proposal =
        shrink(
            "[{'Sid':'Run','Effect':'Allow','Action':'ecs:*','Resource':'*'},"
                + "{'Effect':'Allow','Action':'iam:*','Resource':'*'}]",
            Set.of(new Use("ecs:RunTask", Cases.CLUSTER), new Use("ecs:ListClusters", "*")));
    assertThat(statements(proposal))
        .isEqualTo(
            "[{'Sid':'Run','Effect':'Allow','Action':'ecs:ListClusters','Resource':'*'},"
                + "{'Effect':'Allow','Action':'ecs:RunTask','Resource':'"
                + Cases.CLUSTER
                + "'}]");
    assertThat(proposal.changes())
        .extracting(Change::what)
        .containsExactly(What.NARROWED, What.DROPPED);
  }

  @Test
  void whereNothingWasUsedNothingIsLeft() {
    var proposal = shrink("{'Effect':'Allow','Action':'ecs:*','Resource':'*'}", Set.of());
    assertThat(proposal.document()).isNull();
    assertThat(proposal.changed()).isTrue();
  }

  @Test
  void aDenyAndAConditionStay() {
    String deny = "{'Effect':'Deny','Action':'iam:*','Resource':'*'}";
    String condition = "'Condition':{'StringEquals':{'aws:ResourceTag/team':'shop'}}";
    var proposal =
        shrink(
            "[" + deny + ",{'Effect':'Allow','Action':'ecs:*','Resource':'*'," + condition + "}]",
            Set.of(new Use("ecs:StopTask", TASK)));
    assertThat(statements(proposal))
        .isEqualTo(
            "["
                + deny
                + ",{'Effect':'Allow','Action':'ecs:StopTask','Resource':"
                + "'arn:aws:ecs:eu-west-1:111122223333:task/prod/*',"
                + condition
                + "}]");
    assertThat(proposal.changes().getLast().why()).contains("its conditions stay");
  }

  @Test
  void whatHoldsVariablesOrNotResourceStays() {
    String variables = "'Resource':'arn:aws:ecs:*:*:cluster/${aws:username}'";
    assertThat(
            statements(
                shrink(
                    "{'Effect':'Allow','Action':'ecs:*'," + variables + "}",
                    Set.of(new Use("ecs:RunTask", Cases.CLUSTER)))))
        .isEqualTo("[{'Effect':'Allow','Action':'ecs:RunTask'," + variables + "}]");
    String not = "'NotResource':'arn:aws:ecs:*:*:cluster/secret'";
    assertThat(
            statements(
                shrink(
                    "{'Effect':'Allow','NotAction':'iam:*'," + not + "}",
                    Set.of(new Use("ecs:RunTask", Cases.CLUSTER)))))
        .isEqualTo("[{'Effect':'Allow','Action':'ecs:RunTask'," + not + "}]");
  }

  @Test
  void resourcesThatNobodyKnowsAreNotNarrowed() {
    String two = "'Resource':['arn:aws:logs:*:*:log-group:a','arn:aws:logs:*:*:log-group:b']";
    assertThat(
            statements(
                shrink(
                    "{'Effect':'Allow','Action':'logs:*'," + two + "}",
                    Set.of(),
                    "logs:PutLogEvents")))
        .isEqualTo("[{'Effect':'Allow','Action':'logs:PutLogEvents'," + two + "}]");
  }

  @Test
  void manyResourcesLeaveThePatternThatTheyMatch() {
    Set<Use> many =
        IntStream.range(0, 21)
            .mapToObj(i -> new Use("ssm:GetParameter", "arn:aws:ssm:r:1:parameter/p" + i))
            .collect(Collectors.toSet());
    assertThat(
            statements(
                shrink(
                    "{'Effect':'Allow','Action':'ssm:*','Resource':['arn:aws:ssm:*:*:parameter/p*',"
                        + "'arn:aws:ssm:*:*:parameter/q*']}",
                    many)))
        .isEqualTo(
            "[{'Effect':'Allow','Action':'ssm:GetParameter',"
                + "'Resource':'arn:aws:ssm:*:*:parameter/p*'}]");
  }

  @Test
  void aUseIsLaidToTheStatementThatNeedsNoCondition() {
    var proposal =
        shrink(
            "[{'Effect':'Allow','Action':'ecs:*','Resource':'*','Condition':{'Bool':{'x:y':true}}},"
                + "{'Effect':'Allow','Action':'ecs:RunTask','Resource':'*'}]",
            Set.of(new Use("ecs:RunTask", "*")));
    assertThat(statements(proposal))
        .isEqualTo("[{'Effect':'Allow','Action':'ecs:RunTask','Resource':'*'}]");
  }

  @Test
  void aNameThatWouldActAsAPatternIsNotWrittenAsOne() {
    var proposal =
        shrink(
            "{'Effect':'Allow','Action':'ssm:*','Resource':'arn:aws:ssm:*:*:parameter/a/*'}",
            Set.of(new Use("ssm:GetParameter", "arn:aws:ssm:r:1:parameter/a/${aws:username}*")));
    assertThat(statements(proposal)).contains("'Resource':'arn:aws:ssm:*:*:parameter/a/*'");
  }

  @ParameterizedTest
  @CsvSource({
    "abc, a*, true",
    "a*c, a*, true",
    "a*, a*c, false",
    "a?c, a*, true",
    "a?c, a??, true",
    "a*c, a?c, false",
    "*, *, true",
    "*a*, *, true",
    "*, *a*, false",
    "ab*cd, a*d, true",
    "ab*, *b*, true",
    "a*b, *b*, true",
  })
  void patternsLieWithinOthers(String narrow, String wide, boolean within) {
    assertThat(
            Containment.within(
                Template.parse(narrow, true, true).tokens(),
                Template.parse(wide, true, true).tokens()))
        .isEqualTo(within);
  }

  /** Where it says yes, no text tells the two apart. */
  @Test
  void aPatternWithinAnotherMatchesNoMore() {
    var random = new Random(11);
    int yes = 0;
    for (int i = 0; i < 20_000; i++) {
      int[] narrow = pattern(random);
      int[] wide = pattern(random);
      if (Containment.within(narrow, wide)) {
        yes++;
        var a = new Glob(narrow);
        var b = new Glob(wide);
        for (int j = 0; j < 50; j++) {
          String text = text(random);
          assertThat(!a.matches(text) || b.matches(text)).as("%s", text).isTrue();
        }
      }
    }
    assertThat(yes).isGreaterThan(500);
  }

  private static int[] pattern(Random random) {
    int[] all = {'a', 'b', ':', Glob.RUN, Glob.ONE, Glob.RUN_IN_PART, Glob.ONE_IN_PART};
    return random.ints(random.nextInt(5), 0, all.length).map(i -> all[i]).toArray();
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(6), 0, 3)
        .mapToObj(i -> "ab:".substring(i, i + 1))
        .collect(Collectors.joining());
  }

  /** Random policies and uses: every proposal is proved, and random requests find nothing else. */
  @Test
  void aProposalAllowsWhatWasUsedAndNothingNew() {
    var random = new Random(20_261_126);
    var generator = new PolicyGenerator(random);
    int narrowed = 0;
    int allowed = 0;
    for (int i = 0; i < 4_000; i++) {
      List<NamedPolicy> old =
          IntStream.rangeClosed(0, random.nextInt(3))
              .mapToObj(_ -> generator.policy(Kind.IDENTITY, null))
              .toList();
      Set<Use> uses = new HashSet<>();
      for (int j = random.nextInt(4); j > 0; j--) {
        Request request = generator.request(Cases.BOB);
        uses.add(new Use(request.action(), request.resource()));
      }
      List<Proposal> proposals = Shrink.of(old, uses, Set.of());
      List<NamedPolicy> now = new ArrayList<>();
      for (Proposal proposal : proposals) {
        PolicyDocument document = proposal.document();
        if (document != null) {
          assertThat(Containment.within(document, proposal.policy().document())).isTrue();
          now.add(new NamedPolicy("new", document));
        } else {
          assertThat(proposal.policy().document().statements())
              .allMatch(s -> s.effect() == Effect.ALLOW);
        }
        narrowed += proposal.changed() ? 1 : 0;
      }
      for (int j = 0; j < 30; j++) {
        Request request = generator.request(Cases.BOB);
        boolean before = Evaluator.decide(Policies.ofIdentity(old), request).allowed();
        boolean after = Evaluator.decide(Policies.ofIdentity(now), request).allowed();
        assertThat(after && !before).isFalse();
        if (uses.contains(new Use(request.action(), request.resource()))) {
          assertThat(after).isEqualTo(before);
          allowed += before ? 1 : 0;
        }
      }
    }
    assertThat(narrowed).isGreaterThan(1_000);
    assertThat(allowed).isGreaterThan(1_000);
  }

  @Test
  void moreThanIsAllowedLiesWithinNothing() {
    PolicyDocument narrow = Cases.allow("ecs:RunTask", Cases.CLUSTER).document();
    PolicyDocument wide = Cases.allow("ecs:*", "*").document();
    assertThat(Containment.within(narrow, wide)).isTrue();
    assertThat(Containment.within(wide, narrow)).isFalse();
    PolicyDocument denies =
        Cases.identity(
                "[{'Effect':'Allow','Action':'*','Resource':'*'},"
                    + "{'Effect':'Deny','Action':'iam:*','Resource':'*'}]")
            .document();
    assertThat(Containment.within(narrow, denies)).as("a Deny is missing").isFalse();
    PolicyDocument conditional =
        Cases.identity(
                "{'Effect':'Allow','Action':'*','Resource':'*','Condition':{'Bool':{'x:y':true}}}")
            .document();
    assertThat(Containment.within(narrow, conditional)).as("a condition is missing").isFalse();
    assertThat(Containment.within(conditional, Cases.allow("*", "*").document())).isTrue();
  }
}
