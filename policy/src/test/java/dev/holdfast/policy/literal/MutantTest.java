// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.policy.literal.Comparison.Both;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Faults planted in one of the two evaluators are found, each by itself. */
class MutantTest {
  /** Half of what an ordinary run of {@link DifferentialTest} compares. */
  private static final int SETS = DifferentialTest.ORDINARY / 2;

  @Test
  void everyPlantedFaultIsNoticed() {
    Set<Mutant> unnoticed = EnumSet.allOf(Mutant.class);
    Map<Mutant, Integer> noticedAfter = new EnumMap<>(Mutant.class);
    int compared = 0;
    for (long seed = 0; seed < SETS && !unnoticed.isEmpty(); seed++) {
      List<LiteralCase> cases = CaseMaker.cases(seed, DifferentialTest.QUESTIONS);
      Both both = Comparison.read(cases.getFirst().documents());
      for (LiteralCase one : cases) {
        compared++;
        for (Mutant mutant : EnumSet.copyOf(unnoticed)) {
          if (Comparison.difference(both, one, EnumSet.of(mutant)) != null) {
            unnoticed.remove(mutant);
            noticedAfter.put(mutant, compared);
          }
        }
        if (unnoticed.isEmpty()) {
          break;
        }
      }
    }
    assertThat(unnoticed).as("the others after %s", noticedAfter).isEmpty();
  }
}
