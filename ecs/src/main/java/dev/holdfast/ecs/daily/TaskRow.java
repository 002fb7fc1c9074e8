// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.daily;

import dev.holdfast.ecs.model.ContainerState;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.StoppedTask;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.Diagnosis;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonNull;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Tasks as documents for people. */
final class TaskRow {
  private static final int SHORT_ID = 12;

  private TaskRow() {}

  static String shortId(String id) {
    return id.substring(0, Math.min(SHORT_ID, id.length()));
  }

  /**
   * A task.
   *
   * @param hosts names hosts by their ids
   */
  static JsonObject of(Task task, UnaryOperator<String> hosts) {
    TaskStatus status = task.status();
    TaskStatus.Times times = status.times();
    String definition =
        task.launch().definition().family() + ":" + task.launch().definition().revision();
    Optional<Service.Key> service = Services.named(task);
    JsonObject row =
        place(task.key())
            .with("name", service.map(Service.Key::name).orElse(definition))
            .with(
                "service", service.map(Service.Key::name).map(TaskRow::text).orElse(JsonNull.NULL))
            .with("definition", definition)
            .with("group", task.launch().group())
            .with("launchType", task.launch().launchType())
            .with("status", status.lastStatus().name())
            .with("desired", status.desiredStatus().name())
            .with("health", TaskTransitions.health(task))
            .with("host", hosts.apply(task.place().host()))
            .with("since", since(task).toString())
            .with("createdAt", times.createdAt().toString())
            .with("ports", ports(task))
            .with("images", images(task.containers().stream().map(ContainerState::image).toList()))
            .with("containers", containers(task));
    if (times.startedAt() != null) {
      row = row.with("startedAt", times.startedAt().toString());
    }
    if (times.stoppedAt() != null) {
      row = row.with("stoppedAt", times.stoppedAt().toString());
    }
    if (status.desiredStatus() == TaskStatus.Desired.STOPPED || !task.live()) {
      row =
          row.with("stopCode", Objects.requireNonNullElse(status.stopCode(), ""))
              .with("reason", Diagnosis.reason(StoppedTask.of(task, times.createdAt())));
    }
    return row;
  }

  /** A task that is only remembered. */
  static JsonObject of(StoppedTask task, UnaryOperator<String> hosts) {
    JsonObject row =
        place(task.task())
            .with("kind", "task")
            .with("name", name(task))
            .with("definition", task.definition())
            .with("group", task.group())
            .with("launchType", task.launchType())
            .with("host", hosts.apply(task.host()))
            .with("at", task.key().stoppedAt().toString())
            .with("createdAt", task.createdAt().toString())
            .with("stopCode", Objects.requireNonNullElse(task.stopCode(), ""))
            .with("reason", Diagnosis.reason(task))
            .with(
                "containers",
                new JsonArray(task.containers().stream().map(c -> (JsonValue) ended(c)).toList()));
    if (task.startedAt() != null) {
      row = row.with("startedAt", task.startedAt().toString());
    }
    return row;
  }

  static String name(StoppedTask task) {
    String service = service(task);
    return service == null ? task.definition() : service;
  }

  /** The service that it was of, or null. */
  static @Nullable String service(StoppedTask task) {
    boolean kept = task.startedBy() != null && task.startedBy().startsWith(Service.PREFIX);
    return kept && task.group().startsWith(Service.GROUP)
        ? task.group().substring(Service.GROUP.length())
        : null;
  }

  private static JsonObject ended(StoppedTask.Ended c) {
    JsonObject row = JsonObject.EMPTY.with("name", c.name()).with("image", c.image());
    row = c.digest() == null ? row : row.with("digest", c.digest());
    row = c.exitCode() == null ? row : row.with("exitCode", c.exitCode());
    return c.reason() == null ? row : row.with("reason", c.reason());
  }

  private static JsonObject place(Task.Key key) {
    return JsonObject.EMPTY
        .with("id", shortId(key.id()))
        .with("task", key.arn().toString())
        .with("account", key.account().digits())
        .with("region", key.region().name())
        .with("cluster", key.cluster());
  }

  private static JsonValue text(String text) {
    return new JsonValue.JsonString(text);
  }

  /** When it came to be as it is. */
  private static Instant since(Task task) {
    TaskStatus.Times times = task.status().times();
    if (!task.live()) {
      return Objects.requireNonNullElse(times.stoppedAt(), times.createdAt());
    }
    if (times.stoppingAt() != null) {
      return times.stoppingAt();
    }
    return Objects.requireNonNullElse(times.startedAt(), times.createdAt());
  }

  private static JsonArray ports(Task task) {
    var all = new java.util.TreeSet<String>();
    for (ContainerState c : task.containers()) {
      for (ContainerState.Binding b : c.networkBindings()) {
        if (b.hostPort() != null && b.containerPort() != null) {
          all.add(
              b.hostPort()
                  + "->"
                  + b.containerPort()
                  + (b.protocol() == null || b.protocol().equals("tcp") ? "" : "/" + b.protocol()));
        } else if (b.bindIP() != null && b.containerPort() == null) {
          all.add(b.bindIP());
        }
      }
    }
    return JsonArray.ofStrings(all);
  }

  private static JsonArray images(List<String> images) {
    return JsonArray.ofStrings(images.stream().distinct().toList());
  }

  private static JsonArray containers(Task task) {
    return new JsonArray(task.containers().stream().map(c -> (JsonValue) container(c)).toList());
  }

  private static JsonObject container(ContainerState c) {
    JsonObject row =
        JsonObject.EMPTY
            .with("name", c.name())
            .with("image", c.image())
            .with("status", c.lastStatus().name())
            .with("health", c.healthStatus() == null ? "UNKNOWN" : c.healthStatus());
    row = c.imageDigest() == null ? row : row.with("digest", c.imageDigest());
    row = c.exitCode() == null ? row : row.with("exitCode", c.exitCode());
    return c.reason() == null ? row : row.with("reason", c.reason());
  }
}
