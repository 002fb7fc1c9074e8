// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.plan;

import dev.holdfast.trail.model.Block;
import java.time.Duration;
import java.time.Instant;

/**
 * How long events are kept.
 *
 * @param changes of calls that changed something, or tried to
 * @param reads of calls that only looked; not longer than {@code changes}
 */
public record Keeping(Duration changes, Duration reads) {
  public static final Keeping STANDARD = new Keeping(Duration.ofDays(400), Duration.ofDays(90));

  /** Whether an event may be gone by now. */
  public boolean over(Block.Entry entry, Instant now) {
    return entry.key().time().isBefore(now.minus(entry.read() ? reads : changes));
  }

  /** Before when any event at all may be gone. */
  public Instant horizon(Instant now) {
    return now.minus(reads);
  }
}
