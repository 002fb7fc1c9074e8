// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Wrong answers in a row to one question, a code or a password. A few may be given at once; each
 * one more takes twice as long to wait for as the one before, up to an hour.
 *
 * @param wrong how many, since the last right one
 * @param until when the next answer is looked at, or null for at once
 */
public record Guesses(int wrong, @Nullable Instant until) {
  public static final Guesses NONE = new Guesses(0, null);

  /** How many may be given at once. */
  public static final int FREE = 5;

  /** The longest wait. */
  public static final Duration LONGEST = Duration.ofHours(1);

  private static final Duration SHORTEST = Duration.ofSeconds(30);
  private static final int DOUBLINGS = 7;

  /**
   * Whether an answer is looked at now. A wait that ends further ahead than any is long was begun
   * while the clock was wrong.
   */
  public boolean open(Instant now) {
    return until == null || !now.isBefore(until) || until.isAfter(now.plus(LONGEST));
  }

  /** With one more wrong answer. */
  public Guesses missed(Instant now) {
    int more = Math.min(wrong + 1, FREE + DOUBLINGS);
    if (more < FREE) {
      return new Guesses(more, null);
    }
    Duration wait = SHORTEST.multipliedBy(1L << (more - FREE));
    return new Guesses(more, now.plus(wait.compareTo(LONGEST) > 0 ? LONGEST : wait));
  }
}
