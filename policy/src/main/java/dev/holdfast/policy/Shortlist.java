// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import java.util.List;

/**
 * The statements of one effect that cover an action, and a way to pass over those that cannot cover
 * a resource.
 *
 * <p>Each pair of neighbouring characters that a statement's patterns want is one bit of two words;
 * a resource lacks a bit only where it lacks the pair, and then no pattern matches. A bit may stand
 * for several pairs, so that what is left is compared in full.
 */
final class Shortlist {
  /** From so many statements on a look at the resource's pairs pays. */
  static final int MANY = 12;

  private static final int HALF = 64;

  private final List<Statement> statements;
  private final long[] wanted;

  Shortlist(List<Statement> statements) {
    this.statements = List.copyOf(statements);
    this.wanted = new long[statements.size() < MANY ? 0 : 2 * statements.size()];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = statements.get(i / 2).resources().pairs(i % 2);
    }
  }

  int size() {
    return statements.size();
  }

  Statement get(int index) {
    return statements.get(index);
  }

  /** A word of a resource's pairs; all bits where there are too few statements to look at it. */
  long pairs(String resource, int word) {
    if (wanted.length == 0) {
      return -1L;
    }
    long pairs = 0;
    for (int i = 1; i < resource.length(); i++) {
      pairs |= pair(resource.charAt(i - 1), resource.charAt(i), word);
    }
    return pairs;
  }

  /** The first statement from {@code from} on that may cover a resource of these pairs. */
  int next(int from, long first, long second) {
    if (wanted.length == 0) {
      return from;
    }
    int index = from;
    while (index < statements.size()
        && ((wanted[2 * index] & ~first) | (wanted[2 * index + 1] & ~second)) != 0) {
      index++;
    }
    return index;
  }

  /** The bit of two neighbouring characters, or none where it belongs to the other word. */
  static long pair(int one, int other, int word) {
    int hash = ((one * 31 + other) * 0x9E3779B1) >>> 25;
    return hash / HALF == word ? 1L << (hash % HALF) : 0;
  }
}
