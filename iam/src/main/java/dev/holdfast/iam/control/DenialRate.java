// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.kit.AccountId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many denials of strangers are told in the trail and explained: so many a second in each
 * account, and some more at once. Of accounts that nothing was denied in for long it knows nothing
 * any more.
 */
final class DenialRate {
  static final int A_SECOND = 10;
  static final int AT_ONCE = 20;
  private static final int MOST_ACCOUNTS = 1_000;

  /**
   * Calls come in about the order of their times; a clock that was put back further counts anew.
   */
  private static final Duration DISORDER = Duration.ofMinutes(1);

  /** What is left, as of an instant. */
  private record Bucket(double left, Instant at) {
    Bucket at(Instant now) {
      Duration passed = Duration.between(at, now);
      if (passed.isNegative()) {
        return passed.negated().compareTo(DISORDER) > 0 ? new Bucket(left, now) : this;
      }
      double more = Math.min(AT_ONCE, passed.toMillis() / 1000.0 * A_SECOND);
      return new Bucket(Math.min(AT_ONCE, left + more), now);
    }
  }

  /** By account, the one that was asked for last at the end; its own lock guards it. */
  private final Map<AccountId, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<AccountId, Bucket> eldest) {
          return size() > MOST_ACCOUNTS;
        }
      };

  /** Whether one more may be told. */
  boolean take(AccountId account, Instant now) {
    synchronized (buckets) {
      Bucket bucket = buckets.getOrDefault(account, new Bucket(AT_ONCE, now)).at(now);
      boolean room = bucket.left() >= 1;
      buckets.put(account, room ? new Bucket(bucket.left() - 1, bucket.at()) : bucket);
      return room;
    }
  }

  /** Of how many accounts something is known. */
  int accounts() {
    synchronized (buckets) {
      return buckets.size();
    }
  }
}
