// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, written with the change itself; {@code control.Journal} gives it a
 * number. One of {@code task}, {@code instance} and {@code detail} is there.
 *
 * @param type the event's {@code detail-type}, in AWS's words
 * @param resource whose ARN the event names
 * @param service its name, or null
 * @param connected of an instance: whether its agent listened
 */
public record PendingEvent(
    Key key,
    Instant at,
    String type,
    Place place,
    String resource,
    @Nullable String service,
    @Nullable Task task,
    @Nullable ContainerInstance instance,
    @Nullable Boolean connected,
    @Nullable JsonObject detail) {

  /** AWS's words. */
  public static final String TASK = "ECS Task State Change";

  public static final String INSTANCE = "ECS Container Instance State Change";
  public static final String SERVICE = "ECS Service Action";
  public static final String DEPLOYMENT = "ECS Deployment State Change";

  /**
   * An event's place until it has a number.
   *
   * @param subject what it happened to; its events are in the order of {@code order}
   */
  public record Key(String subject, long order, String what) {
    public List<String> segments() {
      return List.of(subject, Ids.padded(order, 19), what);
    }
  }

  /** Where it happened. */
  public record Place(AccountId account, Region region, String cluster) {}
}
