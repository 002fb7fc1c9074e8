// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.policy.Caller;
import dev.holdfast.policy.literal.LiteralCase.Asked;
import dev.holdfast.policy.literal.LiteralCase.Documents;
import dev.holdfast.policy.literal.LiteralEvaluator.Outcome;
import dev.holdfast.policy.literal.LiteralEvaluator.Read;
import dev.holdfast.policy.literal.LiteralEvaluator.Verdict;
import dev.holdfast.policy.planted.Copies;
import dev.holdfast.policy.planted.Fault;
import dev.holdfast.policy.planted.Product;
import dev.holdfast.policy.planted.Question;
import dev.holdfast.policy.planted.Question.Papers;
import dev.holdfast.policy.planted.Question.Who;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Faults planted in the product's own source are found, each by itself, by what {@link
 * DifferentialTest} compares; the product without one is found to be right.
 */
class ProductMutantTest {
  /** An ordinary run of {@link DifferentialTest} has no fewer. */
  private static final int SETS = DifferentialTest.ORDINARY;

  /** One set in so many is of long documents. */
  private static final int LONG_EACH = 50;

  private static final Set<String> REFUSED = Set.of(Product.REFUSED);

  @Test
  void everyFaultInTheProductIsNoticed() throws IOException {
    Map<Fault, Function<Papers, Function<Question, String>>> unnoticed = new EnumMap<>(Fault.class);
    Function<Papers, Function<Question, String>> faultless;
    try (var copies = new Copies()) {
      faultless = copies.faultless();
      for (Fault fault : Fault.values()) {
        unnoticed.put(fault, copies.with(fault));
      }
    }
    Map<Fault, Integer> noticedAt = new EnumMap<>(Fault.class);
    for (int seed = 0; seed < SETS && !unnoticed.isEmpty(); seed++) {
      List<LiteralCase> cases =
          seed % LONG_EACH == 1
              ? CaseMaker.longCases(seed, DifferentialTest.QUESTIONS)
              : CaseMaker.cases(seed, DifferentialTest.QUESTIONS);
      Papers papers = papers(cases.getFirst().documents());
      Map<Question, Set<String>> expected = expected(cases);
      assertThat(differs(faultless, papers, expected)).as("the faultless copy, %s", seed).isFalse();
      for (var fault : Map.copyOf(unnoticed).entrySet()) {
        if (differs(fault.getValue(), papers, expected)) {
          unnoticed.remove(fault.getKey());
          noticedAt.put(fault.getKey(), seed);
        }
      }
    }
    assertThat(unnoticed.keySet()).as("noticed are %s", noticedAt).isEmpty();
  }

  /** The questions, and all that may be answered to each. */
  private static Map<Question, Set<String>> expected(List<LiteralCase> cases) {
    Read read = Comparison.read(cases.getFirst().documents()).literal();
    var expected = new LinkedHashMap<Question, Set<String>>();
    for (LiteralCase one : cases) {
      expected.put(question(one.asked()), read == null ? REFUSED : answers(read, one.asked()));
    }
    return expected;
  }

  private static Set<String> answers(Read read, Asked asked) {
    Verdict verdict = LiteralEvaluator.decide(read, asked, Set.of());
    return verdict.outcome() == Outcome.ALLOWED
        ? Set.of(Product.ALLOWED)
        : verdict.layers().stream()
            .map(layer -> verdict.outcome() + " " + layer)
            .collect(Collectors.toSet());
  }

  /** Whether a copy answers a question otherwise than the literal evaluator, or not at all. */
  private static boolean differs(
      Function<Papers, Function<Question, String>> copy,
      Papers papers,
      Map<Question, Set<String>> expected) {
    try {
      Function<Question, String> asked = copy.apply(papers);
      return expected.entrySet().stream()
          .anyMatch(each -> !each.getValue().contains(asked.apply(each.getKey())));
    } catch (RuntimeException _) {
      return true; // an evaluator is total
    }
  }

  private static Papers papers(Documents documents) {
    return new Papers(
        documents.identity(),
        documents.boundary(),
        documents.session(),
        documents.resource(),
        documents.gate().name(),
        documents.serviceControl(),
        documents.resourceControl());
  }

  private static Question question(Asked asked) {
    Caller caller = asked.caller();
    return new Question(
        new Who(
            caller.kind().name(),
            caller.account(),
            caller.arn(),
            caller.issuerArn(),
            caller.uniqueId()),
        asked.action(),
        asked.resource(),
        asked.owner(),
        asked.keys());
  }
}
