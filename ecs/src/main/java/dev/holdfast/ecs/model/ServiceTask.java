// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task that a service keeps; gone when its end was counted.
 *
 * @param healthyAt when it was first seen healthy, or null
 * @param protectedUntil until when it is stopped for no scaling and no deployment, or null
 */
public record ServiceTask(
    Key key, String revision, @Nullable Instant healthyAt, @Nullable Instant protectedUntil) {

  /** A task of a service. */
  public record Key(Service.Key service, String task) {
    public Task.Key taskKey() {
      return new Task.Key(service.account(), service.region(), service.cluster(), task);
    }

    public List<String> segments() {
      return ServiceRevision.below(service, task);
    }
  }

  public ServiceTask healthy(Instant at) {
    return new ServiceTask(key, revision, at, protectedUntil);
  }

  public ServiceTask protectedUntil(@Nullable Instant until) {
    return new ServiceTask(key, revision, healthyAt, until);
  }
}
