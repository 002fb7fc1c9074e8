// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.endpoint;

import java.util.function.LongSupplier;

/** A token bucket: so many a second on the long run, and a burst of some more. Thread-safe. */
final class Allowance {
  private static final double SECOND = 1e9;

  private final double perSecond;
  private final double burst;
  private final LongSupplier nanoTime;
  private double left;
  private long filled;

  /**
   * A full bucket.
   *
   * @param nanoTime as {@link System#nanoTime()} tells it
   */
  Allowance(double perSecond, double burst, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.nanoTime = nanoTime;
    this.left = burst;
    this.filled = nanoTime.getAsLong();
  }

  /** Takes one, or says that there is none now. */
  synchronized boolean take() {
    long now = nanoTime.getAsLong();
    left = Math.min(burst, left + (now - filled) / SECOND * perSecond);
    filled = now;
    if (left < 1) {
      return false;
    }
    left -= 1;
    return true;
  }
}
