// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * Conditions on the words of a message, such as {@code [ip, user, ..., status = 4*, bytes > 1000]}.
 * Words stand between spaces; what is between quotation marks or square brackets is one word. A
 * message has as many words as the pattern has names, unless there is an ellipsis, which stands for
 * any number of words.
 */
record WordPattern(List<Word> before, boolean ellipsis, List<Word> after) implements FilterPattern {
  private static final int DEEPEST = 32;

  /** What a word must be; without conditions it may be any. */
  sealed interface Word {
    boolean holds(String word);
  }

  record Anything() implements Word {
    @Override
    public boolean holds(String word) {
      return true;
    }
  }

  record Compared(Comparison comparison) implements Word {
    @Override
    public boolean holds(String word) {
      return comparison.matches(word);
    }
  }

  record All(List<Word> of) implements Word {
    @Override
    public boolean holds(String word) {
      return of.stream().allMatch(w -> w.holds(word));
    }
  }

  record Any(List<Word> of) implements Word {
    @Override
    public boolean holds(String word) {
      return of.stream().anyMatch(w -> w.holds(word));
    }
  }

  @Override
  public boolean matches(String message) {
    List<String> words = words(message);
    int named = before.size() + after.size();
    if (words.size() < named || (!ellipsis && words.size() > named)) {
      return false;
    }
    for (int i = 0; i < before.size(); i++) {
      if (!before.get(i).holds(words.get(i))) {
        return false;
      }
    }
    for (int i = 0; i < after.size(); i++) {
      if (!after.get(i).holds(words.get(words.size() - after.size() + i))) {
        return false;
      }
    }
    return true;
  }

  /** The words of a message. */
  static List<String> words(String message) {
    var words = new ArrayList<String>();
    int at = 0;
    while (at < message.length()) {
      char c = message.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      }
      int close =
          c == '"' ? message.indexOf('"', at + 1) : c == '[' ? message.indexOf(']', at) : -1;
      if (close > at) {
        words.add(message.substring(at + 1, close));
        at = close + 1;
      } else {
        int from = at;
        while (at < message.length() && !Character.isWhitespace(message.charAt(at))) {
          at++;
        }
        words.add(message.substring(from, at));
      }
    }
    return words;
  }

  static WordPattern parse(String text) {
    var in = new PatternText(text);
    var before = new ArrayList<Word>();
    var after = new ArrayList<Word>();
    boolean ellipsis = false;
    in.skipSpace();
    if (in.ended()) {
      throw PatternText.invalid();
    }
    do {
      if (in.take("...")) {
        if (ellipsis) {
          throw PatternText.invalid();
        }
        ellipsis = true;
      } else {
        (ellipsis ? after : before).add(new Reader(in).any(0));
      }
    } while (in.take(","));
    in.skipSpace();
    if (!in.ended()) {
      throw PatternText.invalid();
    }
    return new WordPattern(List.copyOf(before), ellipsis, List.copyOf(after));
  }

  /** Reads the conditions of one word, which all call it by the same name. */
  private static final class Reader {
    private final PatternText in;
    private String name = "";

    Reader(PatternText in) {
      this.in = in;
    }

    Word any(int depth) {
      var of = new ArrayList<Word>();
      do {
        of.add(all(depth));
      } while (in.take("||"));
      return of.size() == 1 ? of.getFirst() : new Any(List.copyOf(of));
    }

    private Word all(int depth) {
      var of = new ArrayList<Word>();
      do {
        of.add(one(depth));
      } while (in.take("&&"));
      return of.size() == 1 ? of.getFirst() : new All(List.copyOf(of));
    }

    private Word one(int depth) {
      if (in.take("(")) {
        if (depth >= DEEPEST) {
          throw PatternText.invalid();
        }
        Word inner = any(depth + 1);
        in.require(")");
        return inner;
      }
      in.skipSpace();
      String called = in.until(c -> !Character.isLetterOrDigit(c) && c != '_' && c != '-');
      if (called.isEmpty() && in.at('%')) {
        LineExpression expression = in.expression();
        return new Compared(new Comparison(Comparison.Operator.EQUAL, "", expression));
      }
      if (called.isEmpty() || !(name.isEmpty() || name.equals(called))) {
        throw PatternText.invalid();
      }
      name = called;
      Comparison comparison = Comparison.parse(in);
      return comparison == null ? new Anything() : new Compared(comparison);
    }
  }
}
