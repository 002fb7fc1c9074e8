// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.TaskStanding;
import dev.holdfast.ecs.TaskStream;
import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.JoinedHost;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds tasks by what people call them, and the log streams that they write to. */
public final class TaskStreams {
  /** The beginning of an id, as lists show it. */
  private static final Pattern START = Pattern.compile("[0-9a-f]{12,31}");

  private TaskStreams() {}

  /**
   * The tasks of that id, ARN or service; those that live, or else those that are over.
   *
   * @param cluster its name; empty means any
   */
  public static List<Arn> named(View view, String name, String cluster) {
    var live = new ArrayList<Arn>();
    var over = new ArrayList<Arn>();
    view.each(
        EcsTables.TASKS,
        task -> {
          if ((cluster.isEmpty() || task.key().cluster().equals(cluster)) && called(task, name)) {
            (task.live() ? live : over).add(task.key().arn());
          }
        });
    // Of a service that runs, what ran before is in its log streams.
    return live.isEmpty() ? over : live;
  }

  private static boolean called(Task task, String name) {
    return task.key().id().equals(name)
        || (START.matcher(name).matches() && task.key().id().startsWith(name))
        || task.key().arn().toString().equals(name)
        || Services.named(task).filter(key -> key.name().equals(name)).isPresent();
  }

  /**
   * Whether a service of that name is not over.
   *
   * @param cluster its name; empty means any
   */
  public static boolean serviceNamed(View view, String name, String cluster) {
    return view.all(EcsTables.SERVICES).stream()
        .anyMatch(
            s ->
                s.key().name().equals(name)
                    && (cluster.isEmpty() || s.key().cluster().equals(cluster))
                    && s.status() != Service.Status.INACTIVE);
  }

  public static Optional<TaskStanding> standing(View view, Arn arn) {
    return Tasks.find(view, arn)
        .map(
            t -> new TaskStanding(t.live(), t.status().times().createdAt(), t.containers().size()));
  }

  /** The name of the machine that a task is on; empty where that is the platform's own. */
  public static Optional<String> elsewhere(View view, Arn arn) {
    Task task = Tasks.find(view, arn).orElse(null);
    String host = task == null ? Host.LOCAL : task.place().host();
    if (host.equals(Host.LOCAL)) {
      return Optional.empty();
    }
    JoinedHost joined = view.get(EcsTables.JOINED_HOSTS, Table.PLATFORM, host);
    return Optional.of(joined == null ? host : joined.name());
  }

  /** The streams of a task's containers whose names are known here. */
  public static List<TaskStream> of(View view, Arn arn) {
    Task task = Tasks.find(view, arn).orElse(null);
    TaskDefinition definition =
        task == null
            ? null
            : view.get(
                EcsTables.TASK_DEFINITIONS, task.key().account(), task.launch().definition());
    var streams = new ArrayList<TaskStream>();
    if (task != null && definition != null) {
      for (ContainerSpec container : definition.spec().containerDefinitions()) {
        TaskStream stream = stream(task, container);
        if (stream != null) {
          streams.add(stream);
        }
      }
    }
    return streams;
  }

  private static @Nullable TaskStream stream(Task task, ContainerSpec c) {
    ContainerSpec.LogConfiguration log = c.logConfiguration();
    if (log == null || !"awslogs".equals(log.logDriver())) {
      return null;
    }
    Map<String, String> options = log.options();
    String exact = options.get("awslogs-stream");
    String prefix = options.get("awslogs-stream-prefix");
    if (exact == null && prefix == null) {
      return null; // it is called as the container engine calls the container
    }
    return new TaskStream(
        c.label(),
        task.key().account(),
        Region.parse(options.getOrDefault("awslogs-region", "")).orElse(task.key().region()),
        options.getOrDefault("awslogs-group", ""),
        exact == null ? prefix + "/" + c.label() + "/" + task.key().id() : exact);
  }
}
