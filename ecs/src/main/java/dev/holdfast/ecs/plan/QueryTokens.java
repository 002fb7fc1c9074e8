// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import java.util.List;
import java.util.Locale;

/** The words of an expression of the cluster query language, one after the other. */
final class QueryTokens {
  private static final List<String> SYMBOLS =
      List.of(
          "!exists", "!in", "==", "!=", ">=", "<=", "=~", "!~", "&&", "||", ">", "<", "!", "(", ")",
          "[", "]", ",");

  private final String text;
  private int at;

  /** A word; {@code quoted} where it stood in quotes, and so means nothing but itself. */
  record Token(String text, boolean quoted) {}

  QueryTokens(String text) {
    this.text = text;
    skip();
  }

  private void skip() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  boolean ended() {
    return at >= text.length();
  }

  /** Takes the next word where it is the symbol, or the word in any case. */
  boolean take(String symbol, String word) {
    int before = at;
    if (ended()) {
      return false;
    }
    Token token = next();
    if (!token.quoted()
        && (token.text().equals(symbol) || token.text().toLowerCase(Locale.ROOT).equals(word))) {
      return true;
    }
    at = before;
    return false;
  }

  /**
   * The next word.
   *
   * @throws IllegalArgumentException where there is none
   */
  Token next() {
    if (ended()) {
      throw new IllegalArgumentException("the expression ends too early");
    }
    char c = text.charAt(at);
    if (c == '\'' || c == '"') {
      return quoted(c);
    }
    for (String symbol : SYMBOLS) {
      if (text.startsWith(symbol, at) && !goesOn(symbol)) {
        at += symbol.length();
        skip();
        return new Token(symbol, false);
      }
    }
    int from = at;
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    if (at == from) {
      throw new IllegalArgumentException("unexpected '" + c + "'");
    }
    String word = text.substring(from, at);
    skip();
    return new Token(word, false);
  }

  /** Whether what begins as {@code !in} is a longer word. */
  private boolean goesOn(String symbol) {
    int end = at + symbol.length();
    return Character.isLetter(symbol.charAt(symbol.length() - 1))
        && end < text.length()
        && isWord(text.charAt(end));
  }

  private Token quoted(char quote) {
    int end = text.indexOf(quote, at + 1);
    if (end < 0) {
      throw new IllegalArgumentException("a quoted text has no end");
    }
    String inside = text.substring(at + 1, end);
    at = end + 1;
    skip();
    return new Token(inside, true);
  }

  private static boolean isWord(char c) {
    return !Character.isWhitespace(c) && "()[],=!<>&|'\"~".indexOf(c) < 0;
  }

  /**
   * The next word as an argument: a pattern may hold what else means something, up to a space.
   *
   * @throws IllegalArgumentException where there is none
   */
  String argument() {
    if (ended()) {
      throw new IllegalArgumentException("an argument is missing");
    }
    char c = text.charAt(at);
    if (c == '\'' || c == '"') {
      return quoted(c).text();
    }
    int from = at;
    int open = 0;
    while (at < text.length()) {
      char now = text.charAt(at);
      if (Character.isWhitespace(now) || (open == 0 && (now == ')' || now == ']' || now == ','))) {
        break;
      }
      open += now == '(' || now == '[' ? 1 : now == ')' || now == ']' ? -1 : 0;
      at++;
    }
    if (at == from) {
      throw new IllegalArgumentException("an argument is missing");
    }
    String word = text.substring(from, at);
    skip();
    return word;
  }
}
