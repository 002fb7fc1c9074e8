// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.AccountId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a service's deployment that has ended, also after the service is gone.
 *
 * @param definition family and revision of what it was to bring about
 */
public record EndedDeployment(
    Key key,
    Service.Key service,
    @Nullable String definition,
    ServiceDeployment.Status status,
    @Nullable String reason,
    int failures,
    Instant createdAt) {

  /** A deployment's place. */
  public record Key(AccountId account, Instant endedAt, String id) {
    /** The newest first. */
    public List<String> segments() {
      return List.of(StoppedTask.newestFirst(endedAt), id);
    }
  }
}
