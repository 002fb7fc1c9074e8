// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

import java.util.function.IntPredicate;

/** The text of a filter pattern, read from left to right. */
final class PatternText {
  private final String text;
  private int at;
  private int expressions;

  PatternText(String text) {
    this.text = text;
  }

  boolean ended() {
    return at >= text.length();
  }

  boolean at(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  boolean take(char c) {
    boolean there = at(c);
    at += there ? 1 : 0;
    return there;
  }

  /** Takes a text, after spaces, where it is there. */
  boolean take(String wanted) {
    skipSpace();
    boolean there = text.startsWith(wanted, at);
    at += there ? wanted.length() : 0;
    return there;
  }

  /** Takes a word in any case, where it stands alone. */
  boolean word(String wanted) {
    skipSpace();
    int end = at + wanted.length();
    boolean there =
        text.regionMatches(true, at, wanted, 0, wanted.length())
            && (end >= text.length() || !Character.isLetterOrDigit(text.charAt(end)));
    at = there ? end : at;
    return there;
  }

  void require(String wanted) {
    if (!take(wanted)) {
      throw invalid();
    }
  }

  void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  String until(IntPredicate end) {
    int from = at;
    while (at < text.length() && !end.test(text.charAt(at))) {
      at++;
    }
    return text.substring(from, at);
  }

  /** A text between quotation marks; a backslash takes the next character as it is. */
  String quoted() {
    var quoted = new StringBuilder();
    at++;
    while (!ended()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return quoted.toString();
      }
      if (c == '\\' && !ended() && (at('"') || at('\\'))) {
        c = text.charAt(at++);
      }
      quoted.append(c);
    }
    throw invalid();
  }

  /** An expression between percent signs; a backslash takes the next character along. */
  LineExpression expression() {
    if (++expressions > FilterPattern.MOST_EXPRESSIONS) {
      throw new FilterPattern.Invalid(
          "Invalid filter pattern: a pattern has at most "
              + FilterPattern.MOST_EXPRESSIONS
              + " regular expressions");
    }
    int from = ++at;
    while (!ended() && !at('%')) {
      at += at('\\') ? 2 : 1;
    }
    if (ended() || at == from) {
      throw invalid();
    }
    return LineExpression.parse(text.substring(from, at++));
  }

  static FilterPattern.Invalid invalid() {
    return new FilterPattern.Invalid("Invalid filter pattern");
  }
}
