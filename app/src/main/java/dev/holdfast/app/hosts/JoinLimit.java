// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.hosts;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often strangers may try: so many times a minute from one address, and so many times in all.
 * Codes cannot be guessed anyway; this bounds what the attempts cost. Thread-safe.
 */
final class JoinLimit {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private static final int EACH = 10;
  private static final int ALL = 300;
  private static final int ADDRESSES = 1024;

  private final Map<String, Integer> tries = new LinkedHashMap<>();
  private int all;
  private long began;

  /**
   * Counts a try.
   *
   * @param now nanoseconds of a clock that only goes forward
   */
  synchronized boolean admits(String address, long now) {
    if (all == 0 || now - began >= MINUTE) {
      tries.clear();
      all = 0;
      began = now;
    }
    int own = tries.getOrDefault(address, 0);
    if (own >= EACH || all >= ALL || (own == 0 && tries.size() >= ADDRESSES)) {
      return false;
    }
    tries.put(address, own + 1);
    all++;
    return true;
  }
}
