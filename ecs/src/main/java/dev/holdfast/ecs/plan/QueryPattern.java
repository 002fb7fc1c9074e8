// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A regular expression of the cluster query language: literals, {@code .}, {@code [a-z]}, {@code \d
 * \w \s}, groups, {@code |}, and {@code * + ?}; {@code ^} and {@code $} at the ends say what is so
 * anyway, that all of the text matches. Takes time linear in the text, whatever it looks like,
 * since anybody may write one.
 */
final class QueryPattern {
  /** Groups in groups; each is a frame of the parser's stack. */
  private static final int DEEPEST = 50;

  /** Which characters a step takes. */
  private interface Chars {
    boolean take(char c);
  }

  /** A state: takes a character and goes on to {@code next}, or goes to both without one. */
  private record State(Chars chars, int next, int other) {}

  private static final Chars NONE = c -> false;
  private static final int NOWHERE = -1;

  private final String text;
  private final List<State> states = new ArrayList<>();
  private final int start;
  private int at;

  private QueryPattern(String text) {
    this.text = text;
    int end = add(NONE, NOWHERE, NOWHERE);
    if (peek('^')) {
      at++;
    }
    Part whole = alternatives(0);
    if (at < text.length()) {
      throw new IllegalArgumentException("an unexpected " + text.charAt(at));
    }
    start = whole.build(end);
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static QueryPattern of(String text) {
    return new QueryPattern(text);
  }

  /** Whether all of a text matches. */
  boolean matches(String candidate) {
    BitSet now = new BitSet();
    enter(now, start);
    for (int i = 0; i < candidate.length() && !now.isEmpty(); i++) {
      BitSet after = new BitSet();
      for (int s = now.nextSetBit(0); s >= 0; s = now.nextSetBit(s + 1)) {
        State state = states.get(s);
        if (state.chars() != NONE && state.chars().take(candidate.charAt(i))) {
          enter(after, state.next());
        }
      }
      now = after;
    }
    return now.get(0);
  }

  private void enter(BitSet set, int first) {
    var waiting = new ArrayList<Integer>();
    waiting.add(first);
    while (!waiting.isEmpty()) {
      int number = waiting.removeLast();
      if (number == NOWHERE || set.get(number)) {
        continue;
      }
      set.set(number);
      State state = states.get(number);
      if (state.chars() == NONE) {
        waiting.add(state.next());
        waiting.add(state.other());
      }
    }
  }

  private int add(Chars chars, int next, int other) {
    states.add(new State(chars, next, other));
    return states.size() - 1;
  }

  private boolean peek(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  /** Something that goes on to a state, and is told which; says where it begins. */
  private interface Part {
    int build(int next);
  }

  /** Reads {@code a|b|c}. */
  private Part alternatives(int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("groups nest too deep");
    }
    var all = new ArrayList<Part>();
    all.add(sequence(depth));
    while (peek('|')) {
      at++;
      all.add(sequence(depth));
    }
    return next -> {
      int first = all.getFirst().build(next);
      for (Part other : all.subList(1, all.size())) {
        first = add(NONE, first, other.build(next));
      }
      return first;
    };
  }

  private Part sequence(int depth) {
    var parts = new ArrayList<Part>();
    while (at < text.length() && !peek('|') && !peek(')')) {
      if (peek('$') && at == text.length() - 1) {
        at++;
        break;
      }
      parts.add(part(depth));
    }
    return next -> {
      int first = next;
      for (Part part : parts.reversed()) {
        first = part.build(first);
      }
      return first;
    };
  }

  private Part part(int depth) {
    Part atom = atom(depth);
    if (at >= text.length() || "*+?".indexOf(text.charAt(at)) < 0) {
      return atom;
    }
    char often = text.charAt(at++);
    if (at < text.length() && "*+?{".indexOf(text.charAt(at)) >= 0) {
      throw new IllegalArgumentException("an unexpected " + text.charAt(at));
    }
    return switch (often) {
      case '?' -> next -> add(NONE, atom.build(next), next);
      case '+' -> next -> loop(atom, next, false);
      default -> next -> loop(atom, next, true);
    };
  }

  private int loop(Part atom, int next, boolean maybeNever) {
    int turn = add(NONE, NOWHERE, next);
    int body = atom.build(turn);
    states.set(turn, new State(NONE, body, next));
    return maybeNever ? turn : body;
  }

  private Part atom(int depth) {
    char c = text.charAt(at++);
    return switch (c) {
      case '(' -> group(depth);
      case '[' -> one(chars());
      case '.' -> one(any -> true);
      case '\\' -> one(escape());
      case '*', '+', '?', '{', '}', ']', '^', '$' ->
          throw new IllegalArgumentException("an unexpected " + c);
      default -> one(other -> other == c);
    };
  }

  private Part one(Chars chars) {
    return next -> add(chars, next, NOWHERE);
  }

  private Part group(int depth) {
    if (text.startsWith("?:", at)) {
      at += 2;
    } else if (peek('?')) {
      throw new IllegalArgumentException("an unexpected ?");
    }
    Part inside = alternatives(depth + 1);
    if (!peek(')')) {
      throw new IllegalArgumentException("a group has no end");
    }
    at++;
    return inside;
  }

  private Chars escape() {
    if (at >= text.length()) {
      throw new IllegalArgumentException("a \\ at the end");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case 'd' -> QueryPattern::digit;
      case 'D' -> other -> !digit(other);
      case 'w' -> QueryPattern::word;
      case 'W' -> other -> !word(other);
      case 's' -> Character::isWhitespace;
      case 'S' -> other -> !Character.isWhitespace(other);
      default -> {
        if (word(c)) {
          throw new IllegalArgumentException("an unexpected \\" + c);
        }
        yield other -> other == c;
      }
    };
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean word(char c) {
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private Chars chars() {
    boolean not = peek('^');
    at += not ? 1 : 0;
    Chars all = NONE;
    boolean first = true;
    while (first || !peek(']')) {
      if (at >= text.length()) {
        throw new IllegalArgumentException("a [ has no end");
      }
      first = false;
      Chars more = range();
      Chars before = all;
      all = c -> before.take(c) || more.take(c);
    }
    at++;
    Chars some = all;
    return not ? c -> !some.take(c) : some;
  }

  private Chars range() {
    char from = text.charAt(at++);
    if (from == '\\') {
      return escape();
    }
    if (peek('-') && at + 1 < text.length() && text.charAt(at + 1) != ']') {
      char to = text.charAt(at + 1);
      at += 2;
      if (to < from || to == '\\') {
        throw new IllegalArgumentException("a range that ends before it begins");
      }
      return c -> c >= from && c <= to;
    }
    return c -> c == from;
  }
}
