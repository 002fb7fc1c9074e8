// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.Ids;
import java.time.Instant;
import java.util.List;

/** What the scheduler said of a service. */
public record ServiceEvent(Key key, String id, Instant createdAt, String message) {
  /** How many are kept. */
  public static final int KEPT = 100;

  /** An event's place: they are numbered from 1. */
  public record Key(Service.Key service, long number) {
    public List<String> segments() {
      return ServiceRevision.below(service, Ids.padded(number, 12));
    }
  }
}
