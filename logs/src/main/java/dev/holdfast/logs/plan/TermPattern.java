// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Terms anywhere in a message, in the same case: all of {@code a b}, none of {@code -c}, and any of
 * {@code ?d ?e} where no term is required.
 */
record TermPattern(
    List<Predicate<String>> required,
    List<Predicate<String>> optional,
    List<Predicate<String>> excluded)
    implements FilterPattern {

  @Override
  public boolean matches(String message) {
    for (Predicate<String> term : excluded) {
      if (term.test(message)) {
        return false;
      }
    }
    for (Predicate<String> term : required) {
      if (!term.test(message)) {
        return false;
      }
    }
    return !required.isEmpty()
        || optional.isEmpty()
        || optional.stream().anyMatch(term -> term.test(message));
  }

  static TermPattern parse(String text) {
    var pattern = new TermPattern(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    var in = new PatternText(text);
    for (in.skipSpace(); !in.ended(); in.skipSpace()) {
      List<Predicate<String>> kind = pattern.required();
      if (in.take('?')) {
        kind = pattern.optional();
      } else if (in.take('-')) {
        kind = pattern.excluded();
      }
      kind.add(term(in));
    }
    return pattern;
  }

  private static Predicate<String> term(PatternText in) {
    if (in.at('%')) {
      LineExpression expression = in.expression();
      return expression::find;
    }
    String term;
    if (in.at('"')) {
      term = in.quoted();
      if (term.isEmpty()) {
        throw new Invalid("Invalid character(s) in term '\"\"'");
      }
    } else {
      term = in.until(Character::isWhitespace);
      if (term.isEmpty()) {
        throw new Invalid("Invalid character(s) in term '?'");
      }
      if (!term.codePoints().allMatch(TermPattern::bare)) {
        throw new Invalid("Invalid character(s) in term '" + term + "'");
      }
    }
    return message -> message.contains(term);
  }

  /** Whatever is no letter, digit or underscore stands between quotation marks. */
  private static boolean bare(int c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '*';
  }
}
