// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.model;

import java.time.Duration;
import java.time.Instant;

/**
 * When a key gets fresh material by itself.
 *
 * @param days from one time to the next, 90 to 2560
 * @param next the next time
 */
public record Rotation(int days, Instant next) {
  /** The period of those who name none, and of AWS-managed keys. */
  public static final int DEFAULT_DAYS = 365;

  /** Every so many days, for the first time so many days after a moment. */
  public static Rotation after(Instant moment, int days) {
    return new Rotation(days, moment.plus(Duration.ofDays(days)));
  }
}
