// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time by which things are given up for good. It follows the wall clock as long as that goes on
 * as steadily as the monotonic one. Where the wall clock leaps ahead, this one goes on from before
 * the leap, so that a wrong clock deletes nothing: no key, no event, no session's document, no
 * image. It follows the leap once the operator says that the clock is right; a leap that a pause
 * explains (a laptop that slept, a server that was off) also once it has stayed right as long as
 * the leap was, but at most a day.
 *
 * <p>Signatures and the ends of sessions are judged by the wall clock all the same: whoever is
 * refused for it can sign in again, and nothing is lost when the clock is mended.
 */
final class SettledClock implements InstantSource {
  private static final System.Logger LOG = System.getLogger("clock");

  /** What NTP mends, and what a busy machine delays. */
  private static final Duration TOLERANCE = Duration.ofMinutes(2);

  private static final Duration LONGEST_PROOF = Duration.ofDays(1);

  /** No pause is thought to be longer. */
  private static final Duration LONGEST_PAUSE = Duration.ofDays(30);

  /** Shorter leaps are not worth a word in {@code status}. */
  private static final Duration NOTABLE_LEAP = Duration.ofHours(1);

  private static final Duration NOTABLE_PAUSE = Duration.ofDays(7);

  /** A leap ahead, not believed yet. */
  private record Doubt(Duration ahead, long sinceNanos, boolean atStart) {
    boolean proved(long nanos) {
      Duration proof = ahead.compareTo(LONGEST_PROOF) < 0 ? ahead : LONGEST_PROOF;
      return ahead.compareTo(LONGEST_PAUSE) <= 0 && nanos - sinceNanos >= proof.toNanos();
    }

    boolean notable() {
      return ahead.compareTo(atStart ? NOTABLE_PAUSE : NOTABLE_LEAP) >= 0;
    }
  }

  /** A leap back. */
  private record Back(Duration by, long sinceNanos) {}

  private final InstantSource wall;
  private final LongSupplier nanos;

  /** Guards all below. */
  private final ReentrantLock lock = new ReentrantLock();

  private Instant anchor;
  private long anchorNanos;
  private @Nullable Doubt doubt;
  private @Nullable Back back;

  /**
   * A clock that goes on from where an earlier one was.
   *
   * @param last this clock's time when it was written down last; empty at a directory's first start
   * @param nanos monotonic, as {@link System#nanoTime}
   */
  SettledClock(InstantSource wall, LongSupplier nanos, Optional<Instant> last) {
    this.wall = wall;
    this.nanos = nanos;
    this.anchorNanos = nanos.getAsLong();
    this.anchor = last.orElseGet(wall::instant);
    look(true);
  }

  /** The settled time; never behind a leap that is not believed. */
  @Override
  public Instant instant() {
    return look(false);
  }

  private Instant look(boolean atStart) {
    lock.lock();
    try {
      long now = nanos.getAsLong();
      Instant says = wall.instant();
      Instant steady = anchor.plusNanos(now - anchorNanos);
      Duration ahead = Duration.between(steady, says);
      if (ahead.abs().compareTo(TOLERANCE) <= 0) {
        if (doubt != null) {
          LOG.log(Level.INFO, "the clock goes on from where it was before its leap");
        }
        return follow(says, now);
      }
      if (ahead.isNegative()) {
        back = new Back(ahead.negated(), now);
        LOG.log(
            Level.WARNING,
            "the clock says {0}, which is {1} before the time it had reached",
            says,
            text(ahead.negated()));
        return follow(says, now);
      }
      Doubt known = doubt;
      if (known == null || ahead.minus(known.ahead()).abs().compareTo(TOLERANCE) > 0) {
        known = new Doubt(ahead, now, atStart);
        doubt = known;
        LOG.log(known.notable() ? Level.WARNING : Level.INFO, told(known, says));
      } else if (known.proved(now)) {
        LOG.log(Level.INFO, "the clock has been steady since its leap and is believed");
        return follow(says, now);
      }
      return steady;
    } finally {
      lock.unlock();
    }
  }

  private Instant follow(Instant says, long now) {
    anchor = says;
    anchorNanos = now;
    doubt = null;
    return says;
  }

  /**
   * The operator says that the clock is right.
   *
   * @return the time that holds from now on
   */
  Instant confirm() {
    lock.lock();
    try {
      back = null;
      return follow(wall.instant(), nanos.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  /** What the operator ought to look at: a leap that is not believed, or one back of late. */
  Optional<String> warning() {
    lock.lock();
    try {
      Instant _ = look(false);
      Doubt ahead = doubt;
      if (ahead != null && ahead.notable()) {
        return Optional.of(told(ahead, wall.instant()));
      }
      Back behind = back;
      return behind != null
              && nanos.getAsLong() - behind.sinceNanos() < LONGEST_PROOF.toNanos()
              && behind.by().compareTo(NOTABLE_LEAP.dividedBy(2)) >= 0
          ? Optional.of(
              "the clock went back by "
                  + text(behind.by())
                  + "; look at it (date), and if it is right: ./holdfast clock --confirm")
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private String told(Doubt leap, Instant says) {
    return "the clock says "
        + says.truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
        + ", "
        + text(leap.ahead())
        + (leap.atStart() ? " after this directory was used last" : " ahead of a moment before")
        + ": nothing is deleted by that time yet; mend the clock, or say that it is right: ./holdfast"
        + " clock --confirm";
  }

  private static String text(Duration time) {
    if (time.toDays() > 1) {
      return time.toDays() + " days";
    }
    return time.toHours() > 1 ? time.toHours() + " hours" : time.toMinutes() + " minutes";
  }
}
