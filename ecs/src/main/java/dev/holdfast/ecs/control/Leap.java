// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.port.Clocks;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A leap of the wall clock that is not believed: the settled clock stays behind. Whoever signs by a
 * clock of his own may be refused as long as it lasts. Used by one thread.
 */
final class Leap {
  /** More than what the settled clock takes for the pace of a busy machine. */
  private static final Duration TOLERANCE = Duration.ofMinutes(3);

  /** No platform is thought to be off for longer: what it is behind at its start is a leap. */
  private static final Duration LONGEST_OFF = Duration.ofDays(7);

  private final Clocks clocks;
  private final long began;

  /** How far the settled clock is behind without a leap: for so long the platform was off. */
  private @Nullable Duration usual;

  private Duration before = Duration.ZERO;
  private OptionalLong since = OptionalLong.empty();

  Leap(Clocks clocks) {
    this.clocks = clocks;
    this.began = clocks.nanos().getAsLong();
  }

  /** Looks at the clocks; to be called again and again. */
  void look() {
    Duration behind = Duration.between(clocks.settled().instant(), clocks.wall().instant());
    Duration known = usual;
    boolean first = known == null;
    if (known == null) {
      known = behind.compareTo(LONGEST_OFF) < 0 ? behind : Duration.ZERO;
    }
    usual = behind.compareTo(known) < 0 ? behind : known;
    boolean more = behind.minus(before).compareTo(TOLERANCE) > 0;
    before = behind;
    if (behind.minus(usual).compareTo(TOLERANCE) <= 0) {
      since = OptionalLong.empty();
    } else if (more || since.isEmpty()) {
      // What is found at the first look was there when this process began.
      since = OptionalLong.of(first ? began : clocks.nanos().getAsLong());
    }
  }

  /**
   * Since when there is one, in nanoseconds of the monotonic clock; empty where there is none. It
   * is seen at the first look after it, no earlier.
   */
  OptionalLong since() {
    return since;
  }
}
