// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.policy.literal.Comparison.Both;
import dev.holdfast.policy.literal.DocumentMaker.Aim;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The product's evaluator against the literal one: some hundred thousand decisions, in the long
 * form ({@code HOLDFAST_LONG=policy}) some four million. A difference is shown with the smallest
 * case that has it, as JSON.
 */
class DifferentialTest {
  private static final System.Logger LOG = System.getLogger(DifferentialTest.class.getName());
  static final boolean LONG = "policy".equals(System.getenv("HOLDFAST_LONG"));
  static final int QUESTIONS = 15;

  /** Sets of documents in an ordinary run, each with as many questions. */
  static final int ORDINARY = 7_000;

  private static final int SETS = LONG ? 300_000 : ORDINARY;

  @Test
  void bothDecideAlike() {
    Map<String, String> differences = new LinkedHashMap<>();
    for (long seed = 0; seed < SETS && differences.size() < 12; seed++) {
      List<LiteralCase> cases = CaseMaker.cases(seed, QUESTIONS);
      Both both = Comparison.read(cases.getFirst().documents());
      for (LiteralCase one : cases) {
        String difference = Comparison.difference(both, one, Set.of());
        if (difference != null) {
          boolean decided = difference.startsWith("literal:");
          LiteralCase small = Shrinker.shrink(one, smaller -> shows(smaller, decided));
          differences.put(small.json(), "seed " + seed + ": " + Comparison.difference(small));
          break;
        }
      }
    }
    // Shown by `./holdfast test --long policy`.
    LOG.log(Level.INFO, "figures: {0} decisions compared", Integer.toString(SETS * QUESTIONS));
    var lines = new ArrayList<String>();
    differences.forEach((json, what) -> lines.add(what + "\n  " + json));
    assertThat(lines).as("differences, each with the smallest case that shows it").isEmpty();
  }

  /** Documents of so many statements that the product passes over most of them. */
  @Test
  void bothDecideAlikeOverLongDocuments() {
    int compared = 0;
    int allowed = 0;
    for (int seed = 0; seed < (LONG ? 4_000 : 80); seed++) {
      List<LiteralCase> cases = CaseMaker.longCases(seed, QUESTIONS);
      Both both = Comparison.read(cases.getFirst().documents());
      for (LiteralCase asked : cases) {
        assertThat(Comparison.difference(both, asked, Set.of()))
            .as("seed %s: %s", seed, asked.json())
            .isNull();
        compared++;
        allowed += Comparison.allowed(both, asked) ? 1 : 0;
      }
    }
    assertThat(allowed).as("allowed of " + compared).isBetween(compared / 50, compared);
  }

  @Test
  void bothRefuseAlike() {
    var differences = new ArrayList<String>();
    List<LiteralCase> questions = CaseMaker.cases(0, 100);
    int refused = 0;
    int documents = LONG ? 500_000 : 15_000;
    for (int seed = 0; seed < documents && differences.size() < 20; seed++) {
      var random = new SplittableRandom(seed);
      Kind kind = Values.one(random, List.of(Kind.values()));
      LiteralCase.Asked asked = questions.get(seed % questions.size()).asked();
      String document = new DocumentMaker(random, asked).document(kind, Aim.RANDOM);
      String spoiled = new Damage(random).spoil(document);
      boolean literal = Comparison.literalAccepts(spoiled, kind);
      refused += literal ? 0 : 1;
      if (literal != Comparison.productAccepts(spoiled, kind)) {
        differences.add(
            "seed "
                + seed
                + ": the literal one "
                + (literal ? "accepts " : "refuses ")
                + kind
                + " "
                + spoiled);
      }
    }
    assertThat(differences).as("differences").isEmpty();
    assertThat(refused).as("refused of " + documents).isBetween(documents / 4, documents * 9 / 10);
  }

  /** Whether the two differ, and in what they decide where that is wanted. */
  private static boolean shows(LiteralCase one, boolean decided) {
    String difference = Comparison.difference(one);
    return difference != null && difference.startsWith("literal:") == decided;
  }
}
