// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A revision of a task definition.
 *
 * @param document the definition as AWS echoes it, without what changes (status and times)
 * @param pins the images as they were resolved, by container
 */
public record TaskDefinition(
    Key key,
    JsonObject document,
    List<Pin> pins,
    Status status,
    Instant registeredAt,
    @Nullable Instant deregisteredAt,
    @Nullable Instant deleteRequestedAt) {

  /** A revision's place. */
  public record Key(AccountId account, Region region, String family, int revision) {
    public Arn arn() {
      return Arn.of("ecs", region, account, "task-definition/" + family + ":" + revision);
    }
  }

  /** AWS's words. */
  public enum Status {
    ACTIVE,
    INACTIVE,
    DELETE_IN_PROGRESS
  }

  /**
   * The image of a container.
   *
   * @param digest what the reference meant when it was registered, or null where it meant nothing
   *     yet or is not of the own registry
   */
  public record Pin(String container, String image, @Nullable String digest) {}

  public TaskSpec spec() {
    return TaskSpec.of(document);
  }

  /** The digest that a container's image was pinned to, or null. */
  public @Nullable String digest(String container) {
    for (Pin pin : pins) {
      if (pin.container().equals(container)) {
        return pin.digest();
      }
    }
    return null;
  }

  public TaskDefinition pinned(List<Pin> changed) {
    return new TaskDefinition(
        key, document, changed, status, registeredAt, deregisteredAt, deleteRequestedAt);
  }

  public TaskDefinition deregistered(Instant at) {
    return new TaskDefinition(key, document, pins, Status.INACTIVE, registeredAt, at, null);
  }

  public TaskDefinition deleted(Instant at) {
    return new TaskDefinition(
        key, document, pins, Status.DELETE_IN_PROGRESS, registeredAt, deregisteredAt, at);
  }
}
