// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.PendingEvent;
import dev.holdfast.ecs.model.PendingEvent.Place;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.Service.Rollout;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.plan.ServiceSaid;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what happened, in the commit in which it happens: an event that was seen is of a
 * change that holds, and no change goes unseen.
 */
public final class Announce {
  private static final Task.Credentials NONE =
      new Task.Credentials(null, null, null, null, List.of());

  private Announce() {}

  /** A task's version changed. */
  static void task(Tx tx, Task task, Instant now) {
    Task.Key key = task.key();
    put(
        tx,
        new PendingEvent(
            new PendingEvent.Key(key.arn().toString(), task.status().version(), "task"),
            now,
            PendingEvent.TASK,
            new Place(key.account(), key.region(), key.cluster()),
            key.arn().toString(),
            Services.named(task).map(Service.Key::name).orElse(null),
            task.with(NONE),
            null,
            null,
            null));
  }

  /** An instance's status, or whether its agent listens, changed. */
  public static void instance(Tx tx, ContainerInstance row, boolean connected, Instant now) {
    ContainerInstance.Key key = row.key();
    put(
        tx,
        new PendingEvent(
            new PendingEvent.Key(
                key.arn().toString(),
                now.toEpochMilli(),
                row.status().name().toLowerCase(Locale.ROOT) + (connected ? "-connected" : "")),
            now,
            PendingEvent.INSTANCE,
            new Place(key.account(), key.region(), key.cluster()),
            key.arn().toString(),
            null,
            null,
            row,
            connected,
            null));
  }

  /** Something was said of a service; what AWS has no event for is not announced. */
  static void said(Tx tx, Service service, String message, long number, Instant now) {
    ServiceSaid.of(message)
        .ifPresent(
            said -> {
              JsonObject detail =
                  JsonObject.EMPTY
                      .with("eventType", said.type())
                      .with("eventName", said.name())
                      .with("clusterArn", service.key().clusterKey().arn().toString());
              detail = said.reason() == null ? detail : detail.with("reason", said.reason());
              put(
                  tx,
                  service.key(),
                  new PendingEvent.Key(subject(service), number, "said"),
                  PendingEvent.SERVICE,
                  detail.with("createdAt", time(now)),
                  now);
            });
  }

  /** A service's row changed: rollouts that begin, are completed or fail. */
  static void deployments(Tx tx, @Nullable Service before, Service after, Instant now) {
    for (Rollout rollout : after.rollouts()) {
      Rollout known = before == null ? null : before.rollout(rollout.id());
      if (known == null || known.state() != rollout.state()) {
        put(
            tx,
            after.key(),
            new PendingEvent.Key(
                subject(after),
                now.toEpochMilli(),
                "deployment-"
                    + rollout.id()
                    + "-"
                    + rollout.state().name().toLowerCase(Locale.ROOT)),
            PendingEvent.DEPLOYMENT,
            JsonObject.EMPTY
                .with(
                    "eventType", rollout.state() == Service.RolloutState.FAILED ? "ERROR" : "INFO")
                .with("eventName", "SERVICE_DEPLOYMENT_" + rollout.state().name())
                .with("deploymentId", rollout.deployment())
                .with("updatedAt", time(rollout.updatedAt()))
                .with("reason", rollout.reason()),
            now);
      }
    }
  }

  /** A service of the same name that is made later is another one. */
  private static String subject(Service service) {
    return service.key().arn() + "@" + service.createdAt().toEpochMilli();
  }

  private static String time(Instant at) {
    return at.toString();
  }

  private static void put(
      Tx tx,
      Service.Key service,
      PendingEvent.Key key,
      String type,
      JsonObject detail,
      Instant now) {
    put(
        tx,
        new PendingEvent(
            key,
            now,
            type,
            new Place(service.account(), service.region(), service.cluster()),
            service.arn().toString(),
            service.name(),
            null,
            null,
            null,
            detail));
  }

  private static void put(Tx tx, PendingEvent event) {
    tx.put(EcsTables.PENDING_EVENTS, Table.PLATFORM, event.key(), event);
  }
}
