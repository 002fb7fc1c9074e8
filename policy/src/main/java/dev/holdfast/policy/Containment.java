// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Proves that a policy allows nothing that others do not allow. What it says is so; where it cannot
 * tell, it says no.
 */
public final class Containment {
  private Containment() {}

  /**
   * Whether whatever an identity document allows, another one allows too: each Allow of the first
   * lies within one Allow of the second, and each Deny of the second stands in the first.
   */
  public static boolean within(PolicyDocument narrow, PolicyDocument wide) {
    boolean allows =
        narrow.statements().stream()
            .filter(s -> s.effect() == Effect.ALLOW)
            .allMatch(s -> wide.statements().stream().anyMatch(w -> within(s, w)));
    boolean denies =
        wide.statements().stream()
            .filter(s -> s.effect() == Effect.DENY)
            .allMatch(s -> narrow.statements().stream().anyMatch(n -> same(n, s)));
    return allows && denies;
  }

  /** Whether an Allow of an identity policy lies within another one. */
  public static boolean within(Statement narrow, Statement wide) {
    return narrow.effect() == Effect.ALLOW
        && wide.effect() == Effect.ALLOW
        && narrow.subject() == null
        && wide.subject() == null
        && within(narrow.actions(), wide.actions())
        && within(narrow.resources(), wide.resources())
        && hasAll(narrow.conditions(), wide.conditions());
  }

  private static boolean same(Statement one, Statement other) {
    return one.effect() == other.effect()
        && one.subject() == null
        && other.subject() == null
        && same(one.actions(), other.actions())
        && same(one.resources(), other.resources())
        && hasAll(one.conditions(), other.conditions())
        && hasAll(other.conditions(), one.conditions());
  }

  /** More conditions only narrow. */
  private static boolean hasAll(List<Condition> some, List<Condition> wanted) {
    return wanted.stream().allMatch(w -> some.stream().anyMatch(s -> s.same(w)));
  }

  private static boolean within(Statement.Actions narrow, Statement.Actions wide) {
    if (same(narrow, wide)) {
      return true;
    }
    return !narrow.not()
        && narrow.patterns().stream()
            .allMatch(
                glob ->
                    wide.not()
                        ? wide.patterns().stream().noneMatch(w -> mayMeet(glob.tokens(), w))
                        : wide.patterns().stream()
                            .anyMatch(w -> within(glob.tokens(), w.tokens())));
  }

  private static boolean same(Statement.Actions one, Statement.Actions other) {
    return one.not() == other.not()
        && same(one.patterns(), other.patterns(), (p, o) -> Arrays.equals(p.tokens(), o.tokens()));
  }

  /** Whether each of either list has its like in the other: either may name one thing twice. */
  private static <T> boolean same(List<T> some, List<T> others, BiPredicate<T, T> alike) {
    return some.stream().allMatch(s -> others.stream().anyMatch(o -> alike.test(s, o)))
        && others.stream().allMatch(o -> some.stream().anyMatch(s -> alike.test(s, o)));
  }

  private static boolean within(Statement.Resources narrow, Statement.Resources wide) {
    if (same(narrow, wide)) {
      return true;
    }
    return !narrow.not() && narrow.patterns().stream().allMatch(pattern -> within(pattern, wide));
  }

  private static boolean within(ResourcePattern narrow, Statement.Resources wide) {
    if (wide.not()) {
      return narrow.template().constant()
          && wide.patterns().stream()
              .allMatch(
                  w ->
                      w.template().constant()
                          && !mayMeet(narrow.template().tokens(), new Glob(w.template().tokens())));
    }
    return wide.patterns().stream()
        .anyMatch(
            w ->
                narrow.template().same(w.template())
                    || (narrow.template().constant()
                        && w.template().constant()
                        && within(narrow.template().tokens(), w.template().tokens())));
  }

  private static boolean same(Statement.Resources one, Statement.Resources other) {
    return one.not() == other.not()
        && same(one.patterns(), other.patterns(), (p, o) -> p.template().same(o.template()));
  }

  /**
   * Whether some text may match both; yes for a pattern with wildcards, as that is not looked at.
   */
  private static boolean mayMeet(int[] tokens, Glob other) {
    for (int token : tokens) {
      if (token < 0) {
        return true;
      }
    }
    return other.matches(new String(tokens, 0, tokens.length));
  }

  /**
   * Whether each text that a pattern matches, another one matches. A run of the second takes in any
   * tokens of the first; everything else stands token for token.
   */
  static boolean within(int[] narrow, int[] wide) {
    // reach[j]: what is left of the narrow one lies within what is left of the wide one from j on
    boolean[] reach = new boolean[wide.length + 1];
    for (int i = narrow.length; i >= 0; i--) {
      boolean[] next = reach;
      reach = new boolean[wide.length + 1];
      for (int j = wide.length; j >= 0; j--) {
        if (j == wide.length) {
          reach[j] = i == narrow.length;
        } else if (wide[j] == Glob.RUN || wide[j] == Glob.RUN_IN_PART) {
          reach[j] = reach[j + 1] || (i < narrow.length && takes(wide[j], narrow[i]) && next[j]);
        } else {
          reach[j] = i < narrow.length && stands(wide[j], narrow[i]) && next[j + 1];
        }
      }
    }
    return reach[0];
  }

  private static boolean takes(int run, int token) {
    if (Template.isVariable(token)) {
      return false;
    }
    return run == Glob.RUN || (token != ':' && token != Glob.RUN && token != Glob.ONE);
  }

  private static boolean stands(int wide, int token) {
    if (token == Glob.RUN || token == Glob.RUN_IN_PART || Template.isVariable(token)) {
      return false;
    }
    return switch (wide) {
      case Glob.ONE -> true;
      case Glob.ONE_IN_PART -> token != ':' && token != Glob.ONE;
      default -> wide == token;
    };
  }
}
