// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import static dev.holdfast.policy.literal.LiteralGrammar.require;

import dev.holdfast.policy.Context;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The condition operators without their prefixes and suffixes: one value of the request against one
 * of the policy.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html">Condition
 *     operators</a>
 */
public final class LiteralOperator {
  public static final List<String> ALL =
      List.of(
          "StringEquals",
          "StringNotEquals",
          "StringEqualsIgnoreCase",
          "StringNotEqualsIgnoreCase",
          "StringLike",
          "StringNotLike",
          "NumericEquals",
          "NumericNotEquals",
          "NumericLessThan",
          "NumericLessThanEquals",
          "NumericGreaterThan",
          "NumericGreaterThanEquals",
          "DateEquals",
          "DateNotEquals",
          "DateLessThan",
          "DateLessThanEquals",
          "DateGreaterThan",
          "DateGreaterThanEquals",
          "Bool",
          "BinaryEquals",
          "IpAddress",
          "NotIpAddress",
          "ArnEquals",
          "ArnLike",
          "ArnNotEquals",
          "ArnNotLike",
          "Null");

  private LiteralOperator() {}

  /** {@code StringEquals} of {@code ForAllValues:StringEqualsIfExists}. */
  public static String plain(String operator) {
    String name = operator;
    for (String prefix : List.of("ForAllValues:", "ForAnyValue:")) {
      if (operator.startsWith(prefix)) {
        name = operator.substring(prefix.length());
      }
    }
    return name.endsWith("IfExists")
        ? name.substring(0, name.length() - "IfExists".length())
        : name;
  }

  static void requireKnown(String operator) {
    require(ALL.contains(plain(operator)), "unknown operator");
    require(!plain(operator).equals("Null") || operator.equals("Null"), "Null has no forms");
  }

  /** The values that a policy gives must be of the operator's type. */
  static void requireValues(String operator, List<String> values, boolean variables) {
    for (String value : values) {
      String type = type(plain(operator));
      if (variables && (type.equals("String") || type.equals("Arn"))) {
        LiteralPattern.requireVariables(value);
      }
      require(
          switch (type) {
            case "Numeric" -> number(value) != null;
            case "Date" -> date(value) != null;
            case "Bool", "Null" -> bool(value) != null;
            case "Binary" -> bytes(value) != null;
            case "Ip" -> LiteralNetwork.range(value) != null;
            case "Arn" ->
                value.equals("*")
                    || (variables && value.contains("${"))
                    || value.split(":", 6).length == 6;
            default -> true;
          },
          "a value that is none of the operator's type");
    }
  }

  static boolean negated(String plain) {
    return plain.contains("Not");
  }

  private static String type(String plain) {
    for (String type : List.of("String", "Numeric", "Date", "Bool", "Binary", "Arn", "Null")) {
      if (plain.startsWith(type)) {
        return type;
      }
    }
    return "Ip";
  }

  /** Yes, no, or neither: one of the two is not of the operator's type. */
  enum Answer {
    YES,
    NO,
    UNCOMPARABLE;

    static Answer of(boolean yes) {
      return yes ? YES : NO;
    }
  }

  /** Whether the two match, the negation of a negated operator left aside. */
  static Answer compare(
      String plain,
      String requested,
      String listed,
      boolean variables,
      Context context,
      Set<Mutant> mutants) {
    return switch (type(plain)) {
      case "String", "Arn" -> text(plain, requested, listed, variables, context, mutants);
      case "Numeric" -> {
        boolean spelled = mutants.contains(Mutant.NUMBERS_ARE_TEXTS) && plain.endsWith("cEquals");
        yield spelled
            ? Answer.of(requested.equals(listed))
            : ordered(plain, number(requested), number(listed), mutants);
      }
      case "Date" -> ordered(plain, date(requested), date(listed), mutants);
      case "Bool" -> {
        Boolean one = bool(requested);
        Boolean other = bool(listed);
        yield one == null || other == null ? Answer.UNCOMPARABLE : Answer.of(one.equals(other));
      }
      case "Binary" -> {
        byte[] other = bytes(listed);
        byte[] one = bytes(requested);
        yield one == null || other == null
            ? Answer.UNCOMPARABLE
            : Answer.of(Arrays.equals(one, other));
      }
      default -> LiteralNetwork.within(requested, listed, mutants);
    };
  }

  private static Answer text(
      String plain,
      String requested,
      String listed,
      boolean variables,
      Context context,
      Set<Mutant> mutants) {
    boolean arn = requested.startsWith("arn:") && requested.split(":", 6).length == 6;
    if (type(plain).equals("Arn") && !arn) {
      return Answer.UNCOMPARABLE;
    }
    LiteralPattern pattern = LiteralPattern.of(listed, variables, context, mutants);
    if (pattern == null) {
      // "There is no equal or like value."
      return Answer.NO;
    }
    return switch (plain) {
      case "StringEquals", "StringNotEquals" -> {
        boolean yes =
            mutants.contains(Mutant.STRING_EQUALS_IGNORES_CASE)
                ? fold(requested).equals(fold(pattern.text()))
                : mutants.contains(Mutant.STRING_EQUALS_KNOWS_WILDCARDS)
                    ? pattern.matches(requested)
                    : requested.equals(pattern.text());
        yield Answer.of(yes);
      }
      case "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase" ->
          Answer.of(fold(requested).equals(fold(pattern.text())));
      case "StringLike", "StringNotLike" -> Answer.of(pattern.matches(requested));
      default -> {
        if (listed.equals("*")) {
          yield Answer.YES;
        }
        if (pattern.parts().size() != 6) {
          yield Answer.UNCOMPARABLE;
        }
        yield Answer.of(
            mutants.contains(Mutant.ARN_STAR_RUNS_OVER_COLONS)
                ? pattern.matches(requested)
                : pattern.matchesArn(requested));
      }
    };
  }

  /** Lower case of ASCII and Latin-1; other letters stand for themselves. */
  static String fold(String text) {
    var folded = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean upper = (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7);
      folded.append(upper ? (char) (c + 32) : c);
    }
    return folded.toString();
  }

  private static <T extends Comparable<T>> Answer ordered(
      String plain, @Nullable T requested, @Nullable T listed, Set<Mutant> mutants) {
    if (requested == null || listed == null) {
      return Answer.UNCOMPARABLE;
    }
    int order = requested.compareTo(listed);
    if (plain.endsWith("LessThan")) {
      return Answer.of(mutants.contains(Mutant.LESS_THAN_ADMITS_EQUALS) ? order <= 0 : order < 0);
    }
    if (plain.endsWith("LessThanEquals")) {
      return Answer.of(order <= 0);
    }
    if (plain.endsWith("GreaterThan")) {
      return Answer.of(order > 0);
    }
    return Answer.of(plain.endsWith("GreaterThanEquals") ? order >= 0 : order == 0);
  }

  private static @Nullable BigDecimal number(String text) {
    return text.length() <= 64
            && text.matches("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,9})?")
        ? new BigDecimal(text)
        : null;
  }

  private static @Nullable Boolean bool(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.equals("true") ? Boolean.TRUE : lower.equals("false") ? Boolean.FALSE : null;
  }

  private static byte @Nullable [] bytes(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /** W3C's profile of ISO 8601, or seconds since 1970. */
  static @Nullable Instant date(String text) {
    return LiteralDate.instant(text);
  }
}
