// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

/**
 * A line of a container's output.
 *
 * @param millis the engine's time of it
 * @param end the place of its last piece
 * @param arrived nanoseconds of the monotonic clock
 */
public record Line(long millis, String text, Place end, long arrived) {
  private static final int OVERHEAD = 120;

  /** What it takes in memory, about. */
  long size() {
    return (long) text.length() + OVERHEAD;
  }
}
