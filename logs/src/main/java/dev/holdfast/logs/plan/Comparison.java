// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A comparison with a value that a pattern names: a number, a text in which {@code *} stands for
 * anything, or an expression.
 */
record Comparison(Operator operator, String text, @Nullable LineExpression expression) {

  /** How values are compared. */
  enum Operator {
    NOT_EQUAL("!="),
    AT_MOST("<="),
    AT_LEAST(">="),
    EQUAL("="),
    LESS("<"),
    MORE(">");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    boolean holds(int order) {
      return switch (this) {
        case NOT_EQUAL -> order != 0;
        case AT_MOST -> order <= 0;
        case AT_LEAST -> order >= 0;
        case EQUAL -> order == 0;
        case LESS -> order < 0;
        case MORE -> order > 0;
      };
    }
  }

  /** Reads an operator and a value; null where there is no operator. */
  static @Nullable Comparison parse(PatternText in) {
    for (Operator operator : Operator.values()) {
      if (in.take(operator.sign)) {
        return value(in, operator);
      }
    }
    return null;
  }

  private static Comparison value(PatternText in, Operator operator) {
    boolean equality = operator == Operator.EQUAL || operator == Operator.NOT_EQUAL;
    in.skipSpace();
    if (in.at('%')) {
      if (!equality) {
        throw PatternText.invalid();
      }
      return new Comparison(operator, "", in.expression());
    }
    if (in.at('"')) {
      String quoted = in.quoted();
      if (!equality) {
        throw PatternText.invalid();
      }
      return new Comparison(operator, quoted, null);
    }
    String bare = in.until(c -> Character.isWhitespace(c) || "()&|,{}[]\"%".indexOf(c) >= 0);
    if (bare.isEmpty() || (!equality && number(bare).isEmpty())) {
      throw PatternText.invalid();
    }
    return new Comparison(operator, bare, null);
  }

  /** Whether a text, which may be a number, is what is meant. */
  boolean matches(String value) {
    LineExpression wanted = expression;
    Predicate<String> same = wanted == null ? v -> wild(text, v) : wanted::find;
    OptionalDouble mine = number(text);
    OptionalDouble its =
        mine.isPresent() && wanted == null ? number(value) : OptionalDouble.empty();
    if (its.isPresent()) {
      return operator.holds(Double.compare(its.getAsDouble(), mine.getAsDouble()));
    }
    return switch (operator) {
      case EQUAL -> same.test(value);
      case NOT_EQUAL -> !same.test(value);
      case AT_MOST, AT_LEAST, LESS, MORE -> false;
    };
  }

  /** A plain decimal number, without the spellings that only programming languages have. */
  static OptionalDouble number(String text) {
    boolean plain =
        !text.isEmpty()
            && text.length() <= 40
            && text.chars().allMatch(c -> (c >= '0' && c <= '9') || "+-.eE".indexOf(c) >= 0);
    if (!plain) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of(Double.parseDouble(text) + 0.0);
    } catch (NumberFormatException _) {
      return OptionalDouble.empty();
    }
  }

  /** Whether a text is what a pattern with stars means; in time that grows with both alone. */
  static boolean wild(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int mark = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        mark = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++mark;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
