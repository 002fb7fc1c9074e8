// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The pauses between attempts: 0.25 s, each half as long again, at most 15 s. */
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(250);
  private static final Duration LAST = Duration.ofSeconds(15);
  private Duration next = FIRST;

  void pause() {
    LockSupport.parkNanos(next.toNanos());
    Duration longer = next.multipliedBy(3).dividedBy(2);
    next = longer.compareTo(LAST) > 0 ? LAST : longer;
  }

  void reset() {
    next = FIRST;
  }
}
