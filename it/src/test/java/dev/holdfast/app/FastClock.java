// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that runs faster than the real one, the same in every process.
 *
 * @param start when it showed the real time
 * @param factor how many of its seconds go by in one
 */
public record FastClock(Instant start, int factor) implements InstantSource {
  private static final String WORD = "clock=";

  @Override
  public Instant instant() {
    return start.plus(
        Duration.between(start, InstantSource.system().instant()).multipliedBy(factor));
  }

  /** An argument for {@link PlatformProcess}. */
  public String word() {
    return WORD + start.toEpochMilli() + ":" + factor;
  }

  /** The clock that the arguments of a process ask for. */
  static InstantSource of(Iterable<String> words) {
    for (String word : words) {
      if (word.startsWith(WORD)) {
        String[] parts = word.substring(WORD.length()).split(":", -1);
        return new FastClock(
            Instant.ofEpochMilli(Long.parseLong(parts[0])), Integer.parseInt(parts[1]));
      }
    }
    return InstantSource.system();
  }
}
