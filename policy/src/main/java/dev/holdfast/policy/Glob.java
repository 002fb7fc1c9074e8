// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import java.util.Arrays;

/**
 * A compiled wildcard pattern: literal characters, {@code *} and {@code ?}.
 *
 * <p>Patterns are token arrays: a character stands for itself, negative tokens are wildcards, so
 * substituted text can never act as one. Matching takes at most pattern length times text length
 * steps.
 */
final class Glob {
  /** Any run of characters. */
  static final int RUN = -1;

  /** Exactly one character. */
  static final int ONE = -2;

  /** Any run of characters other than a colon. */
  static final int RUN_IN_PART = -3;

  /** Exactly one character other than a colon. */
  static final int ONE_IN_PART = -4;

  private enum Shape {
    ANY,
    LITERAL,
    PREFIX,
    GENERAL
  }

  private final int[] tokens;
  private final Shape shape;
  private final String prefix;

  Glob(int[] tokens) {
    this.tokens = tokens;
    int literal = 0;
    while (literal < tokens.length && tokens[literal] >= 0) {
      literal++;
    }
    this.prefix = new String(tokens, 0, literal);
    if (literal == tokens.length) {
      this.shape = Shape.LITERAL;
    } else if (literal == tokens.length - 1 && tokens[literal] == RUN) {
      this.shape = literal == 0 ? Shape.ANY : Shape.PREFIX;
    } else {
      this.shape = Shape.GENERAL;
    }
  }

  boolean matches(String text) {
    return switch (shape) {
      case ANY -> true;
      case LITERAL -> text.equals(prefix);
      case PREFIX -> text.startsWith(prefix);
      case GENERAL -> text.startsWith(prefix) && matches(tokens, text);
    };
  }

  /** Whether the tokens cover the whole text. */
  static boolean matches(int[] tokens, String text) {
    for (int token : tokens) {
      if (token == RUN_IN_PART) {
        return matchesByStates(tokens, text);
      }
    }
    return matches(tokens, 0, tokens.length, text, 0, text.length());
  }

  /** Greedy match of a slice by a slice; only the last run is ever retried. */
  static boolean matches(int[] tokens, int first, int last, String text, int from, int to) {
    int token = first;
    int at = from;
    int run = -1;
    int resume = from;
    while (at < to) {
      if (token < last && tokens[token] == RUN) {
        run = token++;
        resume = at;
      } else if (token < last && fits(tokens[token], text.charAt(at))) {
        token++;
        at++;
      } else if (run >= 0) {
        token = run + 1;
        at = ++resume;
      } else {
        return false;
      }
    }
    while (token < last && tokens[token] == RUN) {
      token++;
    }
    return token == last;
  }

  /** Follows all positions at once: runs confined to a part cannot be matched greedily. */
  private static boolean matchesByStates(int[] tokens, String text) {
    boolean[] now = new boolean[tokens.length + 1];
    boolean[] next = new boolean[tokens.length + 1];
    now[0] = true;
    passRuns(tokens, now);
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      Arrays.fill(next, false);
      for (int i = 0; i < tokens.length; i++) {
        if (!now[i]) {
          continue;
        }
        if (tokens[i] == RUN || (tokens[i] == RUN_IN_PART && c != ':')) {
          next[i] = true;
        } else if (fits(tokens[i], c)) {
          next[i + 1] = true;
        }
      }
      passRuns(tokens, next);
      boolean[] spare = now;
      now = next;
      next = spare;
    }
    return now[tokens.length];
  }

  private static void passRuns(int[] tokens, boolean[] states) {
    for (int i = 0; i < tokens.length; i++) {
      if (states[i] && (tokens[i] == RUN || tokens[i] == RUN_IN_PART)) {
        states[i + 1] = true;
      }
    }
  }

  private static boolean fits(int token, char c) {
    return token == c || token == ONE || (token == ONE_IN_PART && c != ':');
  }
}
