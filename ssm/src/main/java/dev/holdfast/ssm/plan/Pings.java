// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.plan;

import dev.holdfast.ssm.model.ManagedInstance;
import java.time.Duration;
import java.time.Instant;

/** Whether a machine's agent is there. */
public final class Pings {
  /** The agent tells of itself every five minutes; one that is late is not lost. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  private Pings() {}

  /** {@code Online}, {@code ConnectionLost}, or {@code Inactive} before it told anything. */
  public static String status(ManagedInstance instance, Instant now) {
    ManagedInstance.Ping ping = instance.ping();
    if (ping == null && instance.sessions().isEmpty()) {
      return "Inactive";
    }
    return instance.heard().plus(PATIENCE).isAfter(now) ? "Online" : "ConnectionLost";
  }
}
