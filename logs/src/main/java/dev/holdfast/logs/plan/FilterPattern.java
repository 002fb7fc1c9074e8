// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

/**
 * A filter pattern: which messages are meant. Terms anywhere in the text, conditions on the members
 * of a JSON object, or conditions on words.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html">Filter
 *     pattern syntax</a>
 */
public sealed interface FilterPattern permits TermPattern, JsonPattern, WordPattern {
  /** The most expressions between percent signs in one pattern. */
  int MOST_EXPRESSIONS = 2;

  boolean matches(String message);

  /** A pattern that is none, in AWS's words where it has some. */
  final class Invalid extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    Invalid(String message) {
      super(message);
    }
  }

  /**
   * Reads a pattern.
   *
   * @throws Invalid where it is none
   */
  static FilterPattern parse(String text) {
    String pattern = text.strip();
    if (pattern.startsWith("{")) {
      if (!pattern.endsWith("}")) {
        throw new Invalid("If a filter pattern starts with '{' it must end with '}'");
      }
      return JsonPattern.parse(pattern.substring(1, Math.max(1, pattern.length() - 1)));
    }
    if (pattern.startsWith("[")) {
      if (!pattern.endsWith("]")) {
        throw new Invalid("If a filter pattern starts with '[' it must end with ']'");
      }
      return WordPattern.parse(pattern.substring(1, Math.max(1, pattern.length() - 1)));
    }
    return TermPattern.parse(pattern);
  }
}
