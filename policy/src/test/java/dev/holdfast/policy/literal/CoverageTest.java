// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Layer;
import dev.holdfast.policy.literal.LiteralCase.Documents;
import dev.holdfast.policy.literal.LiteralEvaluator.Outcome;
import dev.holdfast.policy.literal.LiteralEvaluator.Read;
import dev.holdfast.policy.literal.LiteralEvaluator.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the made-up cases are: a comparison over cases that never get anywhere proves nothing. */
class CoverageTest {
  private static final int CASES = 5_000;

  private final Map<String, Integer> seen = new TreeMap<>();

  @Test
  void everyOperatorAndEveryOutcomeIsCommon() {
    for (long seed = 0; seed < CASES; seed++) {
      LiteralCase one = CaseMaker.cases(seed, 1).getFirst();
      Read read = Comparison.read(one.documents()).literal();
      if (read == null) {
        count("refused");
        continue;
      }
      Verdict verdict = LiteralEvaluator.decide(read, one.asked(), Set.of());
      count("caller " + one.asked().caller().kind());
      if (verdict.outcome() == Outcome.ALLOWED) {
        count("allowed");
      }
      verdict.layers().forEach(layer -> count(verdict.outcome() + " " + layer));
      for (String operator : operators(read)) {
        count("operator " + operator);
        if (seed % 3 == 0
            && LiteralOperator.ALL.contains(operator)
            && !LiteralEvaluator.inverted(read, one.asked(), operator).equals(verdict)) {
          count("decides " + operator);
        }
      }
    }
    var rare = new ArrayList<String>();
    for (String wanted : wanted()) {
      if (seen.getOrDefault(wanted, 0) < CASES / 20) {
        rare.add(wanted + ": " + seen.getOrDefault(wanted, 0));
      }
    }
    assertThat(rare).as("below 5 %% of %s cases, of %s", CASES, seen).isEmpty();
    for (String operator : LiteralOperator.ALL) {
      assertThat(seen.getOrDefault("decides " + operator, 0))
          .as("times that %s decided", operator)
          .isGreaterThan(CASES / 600);
    }
    assertThat(seen.getOrDefault("refused", 0)).isLessThan(CASES / 10);
  }

  private static Set<String> wanted() {
    Set<String> wanted = new HashSet<>(Set.of("allowed"));
    for (Layer layer : Layer.values()) {
      wanted.add(Outcome.EXPLICIT_DENY + " " + layer);
      if (layer != Layer.RESOURCE_CONTROL) {
        wanted.add(Outcome.IMPLICIT_DENY + " " + layer);
      }
    }
    LiteralOperator.ALL.forEach(operator -> wanted.add("operator " + operator));
    for (String form : List.of("IfExists", "ForAllValues", "ForAnyValue", "2008", "NotPrincipal")) {
      wanted.add("operator " + form);
    }
    for (Caller.Kind kind :
        List.of(Caller.Kind.USER, Caller.Kind.ROLE_SESSION, Caller.Kind.FEDERATED)) {
      wanted.add("caller " + kind);
    }
    return wanted;
  }

  private void count(String what) {
    seen.merge(what, 1, Integer::sum);
  }

  /** The operators of all documents, and the forms they come in. */
  private static Set<String> operators(Read read) {
    var documents = new ArrayList<LiteralDocument>(read.identity());
    if (read.boundary() != null) {
      documents.add(read.boundary());
    }
    if (read.session() != null) {
      documents.addAll(read.session());
    }
    if (read.resource() != null) {
      documents.add(read.resource());
    }
    read.serviceControl().forEach(documents::addAll);
    read.resourceControl().forEach(documents::addAll);
    Set<String> operators = new HashSet<>();
    for (LiteralDocument document : documents) {
      if (!document.variables()) {
        operators.add("2008");
      }
      for (LiteralDocument.Statement statement : document.statements()) {
        if (statement.principals() != null && statement.principals().not()) {
          operators.add("NotPrincipal");
        }
        for (LiteralDocument.Test test : statement.tests()) {
          operators.add(LiteralOperator.plain(test.operator()));
          for (String form : List.of("IfExists", "ForAllValues", "ForAnyValue")) {
            if (test.operator().contains(form)) {
              operators.add(form);
            }
          }
        }
      }
    }
    return operators;
  }

  @Test
  void aCaseIsMadeAgainFromItsSeed() {
    Documents first = CaseMaker.cases(7, 1).getFirst().documents();
    assertThat(CaseMaker.cases(7, 1).getFirst().documents()).isEqualTo(first);
  }
}
