// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    /** Literals with runs between them. */
    SEGMENTS,
    GENERAL
  }

  private final int[] tokens;
  private final Shape shape;

  /** The literals between runs; the first and the last are tied to the ends of the text. */
  private final String[] segments;

  private final int shortest;

  Glob(int[] tokens) {
    this.tokens = tokens;
    var literals = new ArrayList<String>();
    int from = 0;
    int length = 0;
    boolean plain = true;
    for (int i = 0; i <= tokens.length; i++) {
      if (i == tokens.length || tokens[i] < 0) {
        literals.add(new String(tokens, from, i - from));
        from = i + 1;
      }
      boolean run = i < tokens.length && (tokens[i] == RUN || tokens[i] == RUN_IN_PART);
      length += i == tokens.length || run ? 0 : 1;
      plain &= i == tokens.length || tokens[i] >= 0 || tokens[i] == RUN;
    }
    this.segments = literals.toArray(String[]::new);
    this.shortest = length;
    this.shape = shape(plain, literals);
  }

  private static Shape shape(boolean plain, List<String> literals) {
    if (!plain) {
      return Shape.GENERAL;
    }
    if (literals.size() == 1) {
      return Shape.LITERAL;
    }
    if (literals.size() > 2 || !literals.getLast().isEmpty()) {
      return Shape.SEGMENTS;
    }
    return literals.getFirst().isEmpty() ? Shape.ANY : Shape.PREFIX;
  }

  /** The pattern; not to be changed. */
  int[] tokens() {
    return tokens;
  }

  boolean matches(String text) {
    return switch (shape) {
      case ANY -> true;
      case LITERAL -> text.equals(segments[0]);
      case PREFIX -> text.startsWith(segments[0]);
      case SEGMENTS -> text.length() >= shortest && matchesSegments(text);
      case GENERAL ->
          text.length() >= shortest && text.startsWith(segments[0]) && matches(tokens, text);
    };
  }

  /** Whether every text that begins so matches, whatever follows. */
  boolean coversAllAfter(String prefix) {
    return shape == Shape.ANY || (shape == Shape.PREFIX && prefix.startsWith(segments[0]));
  }

  /**
   * Whether some text that begins so matches.
   *
   * @param prefix ends in a colon, which no wildcard of an action stands for
   */
  boolean coversSomeAfter(String prefix) {
    return shape == Shape.ANY || segments[0].startsWith(prefix);
  }

  private boolean matchesSegments(String text) {
    int last = segments.length - 1;
    if (!text.startsWith(segments[0]) || !text.endsWith(segments[last])) {
      return false;
    }
    int at = segments[0].length();
    for (int i = 1; i < last; i++) {
      int found = text.indexOf(segments[i], at);
      if (found < 0) {
        return false;
      }
      at = found + segments[i].length();
    }
    return at <= text.length() - segments[last].length();
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
    int first = 0;
    while (first < tokens.length && tokens[first] >= 0) {
      if (first == text.length() || tokens[first] != text.charAt(first)) {
        return false;
      }
      first++;
    }
    return tokens.length - first < Long.SIZE
        ? matchesByBits(tokens, first, text)
        : matchesByArrays(tokens, text);
  }

  /**
   * The positions as bits of one word, so that nothing is allocated.
   *
   * @param first so many tokens are the text's first characters; fewer than 64 are left
   */
  private static boolean matchesByBits(int[] tokens, int first, String text) {
    long now = passRuns(tokens, first, 1);
    for (int at = first; at < text.length() && now != 0; at++) {
      char c = text.charAt(at);
      long next = 0;
      for (long left = now; left != 0; left &= left - 1) {
        int i = Long.numberOfTrailingZeros(left);
        if (first + i == tokens.length) {
          continue;
        }
        int token = tokens[first + i];
        if (token == RUN || (token == RUN_IN_PART && c != ':')) {
          next |= 1L << i;
        } else if (fits(token, c)) {
          next |= 1L << (i + 1);
        }
      }
      now = passRuns(tokens, first, next);
    }
    return (now >>> (tokens.length - first) & 1) != 0;
  }

  /** The positions and those behind the runs at them: a run may stand for nothing. */
  private static long passRuns(int[] tokens, int first, long states) {
    long passed = states;
    for (int i = 0; first + i < tokens.length; i++) {
      int token = tokens[first + i];
      if ((passed >>> i & 1) != 0 && (token == RUN || token == RUN_IN_PART)) {
        passed |= 1L << (i + 1);
      }
    }
    return passed;
  }

  private static boolean matchesByArrays(int[] tokens, String text) {
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

  /** Whether a token that is no run stands for a character. */
  static boolean fits(int token, char c) {
    return token == c || token == ONE || (token == ONE_IN_PART && c != ':');
  }
}
