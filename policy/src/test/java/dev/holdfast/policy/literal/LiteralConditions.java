// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import dev.holdfast.policy.Context;
import dev.holdfast.policy.literal.LiteralDocument.Test;
import dev.holdfast.policy.literal.LiteralOperator.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a condition holds: prefixes, suffixes, absent keys and lists.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html">Conditions
 *     with multiple keys or values</a>
 */
final class LiteralConditions {
  private LiteralConditions() {}

  static boolean holds(Test test, boolean variables, Context context, Set<Mutant> mutants) {
    String operator = test.operator();
    String plain = LiteralOperator.plain(operator);
    List<String> values = context.values(test.key().toLowerCase(Locale.ROOT));
    if (plain.equals("Null")) {
      String isNull = String.valueOf(isNull(values, mutants));
      return test.values().stream().anyMatch(listed -> listed.equalsIgnoreCase(isNull));
    }
    boolean ifExists = operator.endsWith("IfExists") && !mutants.contains(Mutant.IF_EXISTS_IGNORED);
    boolean forAll = operator.startsWith("ForAllValues:");
    boolean forAny = operator.startsWith("ForAnyValue:");
    boolean negated = LiteralOperator.negated(plain);
    boolean absent = values == null || values.isEmpty();
    // "For no matching key or a null dataset", ForAnyValue is false, with IfExists too.
    if (absent && ifExists && !forAny) {
      return true;
    }
    if (forAll && isNull(values, Set.of())) {
      return !mutants.contains(Mutant.FOR_ALL_OF_NONE_IS_FALSE);
    }
    if (forAny && isNull(values, Set.of())) {
      return mutants.contains(Mutant.FOR_ANY_OF_NONE_IS_TRUE);
    }
    if (values == null || values.isEmpty()) {
      return negated && !mutants.contains(Mutant.NEGATED_ABSENT_IS_FALSE);
    }
    var satisfied = new ArrayList<Boolean>();
    for (String value : values) {
      satisfied.add(satisfies(plain, value, test.values(), variables, context, mutants));
    }
    boolean all = forAll ? !mutants.contains(Mutant.FOR_ALL_IS_FOR_ANY) : !forAny && negated;
    return all ? !satisfied.contains(false) : satisfied.contains(true);
  }

  /** A key that is absent, has no value, or none but the empty text. */
  private static boolean isNull(@Nullable List<String> values, Set<Mutant> mutants) {
    return values == null
        || values.isEmpty()
        || (values.stream().allMatch(String::isEmpty)
            && !mutants.contains(Mutant.EMPTY_STRING_IS_A_VALUE));
  }

  /** Whether one value of the request is as the operator wants it to the listed ones. */
  private static boolean satisfies(
      String plain,
      String value,
      List<String> listed,
      boolean variables,
      Context context,
      Set<Mutant> mutants) {
    var answers = new ArrayList<Answer>();
    for (String one : listed) {
      answers.add(LiteralOperator.compare(plain, value, one, variables, context, mutants));
    }
    if (!LiteralOperator.negated(plain)) {
      return answers.contains(Answer.YES);
    }
    return mutants.contains(Mutant.NEGATED_IS_ANY)
        ? answers.contains(Answer.NO)
        : !answers.contains(Answer.YES) && !answers.contains(Answer.UNCOMPARABLE);
  }
}
