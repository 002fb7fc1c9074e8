// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of CloudWatch Logs: letters, digits, {@code :_#=@/;,-} and the operators
 * {@code ^ $ ? [ ] { } | \ * + .}, without groups. It is found in a text in one walk over it,
 * whatever the expression: the states of its automaton are made as they are met. Used by one
 * thread.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html">Supported
 *     regular expressions</a>
 */
final class LineExpression {
  /** The characters of ASCII, and one for all others, which no expression tells apart. */
  private static final int SYMBOLS = 129;

  private static final int OTHER = 128;
  private static final int MOST_STEPS = 600;
  private static final int MOST_STATES = 1000;
  private static final String PLAIN = ":_#=@/;,- ";

  private enum Kind {
    SYMBOL,
    SPLIT,
    START,
    END,
    MATCH
  }

  /**
   * One step of the automaton; a split goes to {@code to} too.
   *
   * @param symbols those that a symbol may be
   */
  private record Step(Kind kind, BitSet symbols, int next, int to) {}

  /** A set of steps that the automaton can be at, with where it leads. */
  private static final class State {
    private final BitSet steps;
    private final boolean found;
    private final boolean foundAtEnd;
    private final @Nullable State[] next = new State[SYMBOLS];

    State(BitSet steps, boolean found, boolean foundAtEnd) {
      this.steps = steps;
      this.found = found;
      this.foundAtEnd = foundAtEnd;
    }
  }

  private final List<Step> steps;
  private final List<Integer> starts;
  private final Map<BitSet, State> states = new HashMap<>();

  private LineExpression(List<Step> steps, List<Integer> starts) {
    this.steps = steps;
    this.starts = starts;
  }

  /**
   * Reads an expression.
   *
   * @throws FilterPattern.Invalid where it is none
   */
  static LineExpression parse(String text) {
    return new Parser(text).expression();
  }

  /** Whether the expression is anywhere in a text. */
  boolean find(String text) {
    State state = state(begin(true));
    for (int i = 0; i < text.length(); i++) {
      if (state.found) {
        return true;
      }
      int symbol = Math.min(text.charAt(i), OTHER);
      State next = state.next[symbol];
      if (next == null) {
        next = state(after(state.steps, symbol));
        state.next[symbol] = next;
      }
      state = next;
    }
    return state.found || state.foundAtEnd;
  }

  private BitSet begin(boolean atStart) {
    var set = new BitSet(steps.size());
    starts.forEach(start -> reach(start, atStart, false, set));
    return set;
  }

  private BitSet after(BitSet now, int symbol) {
    BitSet set = begin(false);
    for (int i = now.nextSetBit(0); i >= 0; i = now.nextSetBit(i + 1)) {
      Step step = steps.get(i);
      if (step.kind() == Kind.SYMBOL && step.symbols().get(symbol)) {
        reach(step.next(), false, false, set);
      }
    }
    return set;
  }

  /** Adds a step and those that it leads to without a symbol. */
  private void reach(int from, boolean atStart, boolean atEnd, BitSet set) {
    var open = new ArrayList<Integer>(List.of(from));
    while (!open.isEmpty()) {
      int at = open.removeLast();
      if (set.get(at)) {
        continue;
      }
      set.set(at);
      Step step = steps.get(at);
      switch (step.kind()) {
        case SPLIT -> {
          open.add(step.next());
          open.add(step.to());
        }
        case START -> {
          if (atStart) {
            open.add(step.next());
          }
        }
        case END -> {
          if (atEnd) {
            open.add(step.next());
          }
        }
        case SYMBOL, MATCH -> {}
      }
    }
  }

  private State state(BitSet set) {
    State known = states.get(set);
    if (known != null) {
      return known;
    }
    if (states.size() >= MOST_STATES) {
      states.clear();
    }
    var ended = new BitSet();
    for (int i = set.nextSetBit(0); i >= 0; i = set.nextSetBit(i + 1)) {
      if (steps.get(i).kind() == Kind.END) {
        reach(steps.get(i).next(), false, true, ended);
      }
    }
    var made = new State(set, matches(set), matches(ended));
    states.put(set, made);
    return made;
  }

  private boolean matches(BitSet set) {
    return set.stream().anyMatch(i -> steps.get(i).kind() == Kind.MATCH);
  }

  private static final class Parser {
    private final String text;
    private int at;
    private final List<Step> steps = new ArrayList<>();

    Parser(String text) {
      this.text = text;
    }

    LineExpression expression() {
      var starts = new ArrayList<Integer>();
      do {
        starts.add(steps.size());
        branch();
        add(Kind.MATCH, new BitSet());
      } while (take('|'));
      if (at < text.length()) {
        throw invalid();
      }
      return new LineExpression(List.copyOf(steps), List.copyOf(starts));
    }

    private void branch() {
      while (at < text.length() && text.charAt(at) != '|') {
        char c = text.charAt(at++);
        switch (c) {
          case '^' -> add(Kind.START, new BitSet());
          case '$' -> add(Kind.END, new BitSet());
          default -> repeated(symbols(c));
        }
      }
    }

    private BitSet symbols(char c) {
      return switch (c) {
        case '.' -> all();
        case '[' -> list();
        case '\\' -> escape();
        default -> {
          if (!letterOrDigit(c) && PLAIN.indexOf(c) < 0) {
            throw invalid();
          }
          yield one(c);
        }
      };
    }

    private static boolean letterOrDigit(char c) {
      return c < OTHER && Character.isLetterOrDigit(c);
    }

    private static BitSet all() {
      var set = new BitSet();
      set.set(0, SYMBOLS);
      return set;
    }

    private static BitSet one(char c) {
      if (c >= OTHER) {
        throw invalid();
      }
      var set = new BitSet();
      set.set(c);
      return set;
    }

    private BitSet escape() {
      if (at == text.length()) {
        throw invalid();
      }
      char c = text.charAt(at++);
      return switch (c) {
        case 'd', 'D' -> sided(c == 'd', "0123456789");
        case 's', 'S' -> sided(c == 's', " \t\n\r\f\u000b");
        case 'w', 'W' -> {
          var set = new BitSet();
          set.set('a', 'z' + 1);
          set.set('A', 'Z' + 1);
          set.set('0', '9' + 1);
          set.set('_');
          if (c == 'W') {
            set.flip(0, SYMBOLS);
          }
          yield set;
        }
        case 't' -> one('\t');
        default -> {
          if (letterOrDigit(c)) {
            throw invalid();
          }
          yield one(c);
        }
      };
    }

    private static BitSet sided(boolean in, String characters) {
      var set = new BitSet();
      characters.chars().forEach(set::set);
      if (!in) {
        set.flip(0, SYMBOLS);
      }
      return set;
    }

    private BitSet list() {
      boolean not = take('^');
      var set = new BitSet();
      boolean first = true;
      while (at < text.length() && (first || text.charAt(at) != ']')) {
        char c = text.charAt(at++);
        if (c == '\\') {
          set.or(escape());
        } else if (at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']') {
          char to = text.charAt(at + 1);
          at += 2;
          if (to < c || to >= OTHER) {
            throw invalid();
          }
          set.set(c, to + 1);
        } else {
          set.or(one(c));
        }
        first = false;
      }
      if (!take(']') || set.isEmpty()) {
        throw invalid();
      }
      if (not) {
        set.flip(0, SYMBOLS);
      }
      return set;
    }

    private void repeated(BitSet symbols) {
      if (take('*')) {
        star(symbols);
      } else if (take('+')) {
        add(Kind.SYMBOL, symbols);
        star(symbols);
      } else if (take('?')) {
        maybe(symbols);
      } else if (take('{')) {
        counted(symbols);
      } else {
        add(Kind.SYMBOL, symbols);
      }
    }

    private void counted(BitSet symbols) {
      int close = text.indexOf('}', at);
      String[] bounds = close < 0 ? new String[0] : text.substring(at, close).split(",", -1);
      boolean plain =
          bounds.length <= 2 && Arrays.stream(bounds).allMatch(b -> b.matches("[0-9]{0,3}"));
      if (bounds.length == 0 || !plain || bounds[0].isEmpty()) {
        throw invalid();
      }
      at = close + 1;
      int least = Integer.parseInt(bounds[0]);
      for (int i = 0; i < least; i++) {
        add(Kind.SYMBOL, symbols);
      }
      if (bounds.length == 2 && bounds[1].isEmpty()) {
        star(symbols);
      } else if (bounds.length == 2) {
        int most = Integer.parseInt(bounds[1]);
        if (most < least) {
          throw invalid();
        }
        for (int i = least; i < most; i++) {
          maybe(symbols);
        }
      }
    }

    private void star(BitSet symbols) {
      int split = steps.size();
      add(new Step(Kind.SPLIT, new BitSet(), split + 1, split + 2));
      add(new Step(Kind.SYMBOL, symbols, split, split));
    }

    private void maybe(BitSet symbols) {
      int split = steps.size();
      add(new Step(Kind.SPLIT, new BitSet(), split + 1, split + 2));
      add(Kind.SYMBOL, symbols);
    }

    private void add(Kind kind, BitSet symbols) {
      add(new Step(kind, symbols, steps.size() + 1, steps.size() + 1));
    }

    private void add(Step step) {
      if (steps.size() >= MOST_STEPS) {
        throw new FilterPattern.Invalid(
            "Invalid filter pattern: the regular expression is too long");
      }
      steps.add(step);
    }

    private boolean take(char c) {
      boolean there = at < text.length() && text.charAt(at) == c;
      at += there ? 1 : 0;
      return there;
    }

    private static FilterPattern.Invalid invalid() {
      return new FilterPattern.Invalid(
          "Invalid filter pattern: Invalid character(s) in regular expression");
    }
  }
}
