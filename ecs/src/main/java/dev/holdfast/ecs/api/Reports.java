// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.NetworkBinding;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.ContainerState;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.TaskReport;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.state.Alarms;
import dev.holdfast.ecs.state.Hosts;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Printable;
import dev.holdfast.service.Call;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reports of agents, applied in the order in which they come. */
record Reports(State state, Tasks tasks, Alarms alarms) {
  /** The longest reason, and the longest digest or engine's id, as agents send them. */
  private static final int REASON = 1024;

  static final int NAME = 255;
  private static final int BINDINGS = 100;

  /** Applies a report by the agent that the task was placed on. */
  <R> R apply(Call call, Task.Key key, TaskReport report, R acknowledgment) {
    return alarms.watch(
        call, "a report on " + key.arn(), () -> applied(call, key, report, acknowledgment));
  }

  private <R> R applied(Call call, Task.Key key, TaskReport report, R acknowledgment) {
    return state.commit(
        call,
        tx -> {
          Task task = own(tx, call, key);
          tasks.put(tx, task, TaskTransitions.reported(task, report, call.now()), call.now());
          return acknowledgment;
        });
  }

  /** Refuses whoever is not the agent of each of these tasks; nothing is changed. */
  void requireOwn(Call call, List<Task.Key> keys) {
    for (Task.Key key : keys) {
      var _ =
          alarms.watch(
              call, "a report on " + key.arn(), () -> state.read(view -> own(view, call, key)));
    }
  }

  /** The task, where it was placed on an instance that the caller is bound to. */
  private static Task own(View view, Call call, Task.Key key) {
    if (!Hosts.isOurs(call) && !call.account().equals(key.account())) {
      throw foreign(key); // whether it is there or not
    }
    Task task = view.get(EcsTables.TASKS, key.account(), key);
    if (task == null) {
      throw EcsError.INVALID_PARAMETER.because("The referenced task was not found.");
    }
    if (!bound(view, task, call)) {
      throw foreign(key);
    }
    return task;
  }

  private static ApiError foreign(Task.Key key) {
    return EcsError.ACCESS_DENIED.because(
        "the task `%s` was placed on a container instance of another principal", key.id());
  }

  private static boolean bound(View view, Task task, Call call) {
    var place =
        new ContainerInstance.Key(
            task.key().account(),
            task.key().region(),
            task.key().cluster(),
            task.place().instance());
    ContainerInstance instance = view.get(EcsTables.INSTANCES, place.account(), place);
    return instance != null && Hosts.binds(view, instance, call);
  }

  /** A status as the state keeps it; null for words that mean nothing to us. */
  static TaskStatus.@Nullable Last status(@Nullable String text) {
    return switch (text) {
      case "PENDING" -> TaskStatus.Last.PENDING;
      case "RUNNING" -> TaskStatus.Last.RUNNING;
      case "STOPPED" -> TaskStatus.Last.STOPPED;
      case null, default -> null;
    };
  }

  /** A reason as the state keeps it: it may quote what a container or an image holds. */
  static @Nullable String reason(@Nullable String text) {
    String cut = cut(text, REASON);
    return cut == null ? null : Printable.line(cut);
  }

  /** A text as the state keeps it: agents cut theirs, and one that does not fills no disk. */
  static @Nullable String cut(@Nullable String text, int longest) {
    return text == null || text.length() <= longest ? text : text.substring(0, longest);
  }

  static List<ContainerState.Binding> bindings(List<NetworkBinding> bindings) {
    return bindings.stream()
        .limit(BINDINGS)
        .map(
            b ->
                new ContainerState.Binding(
                    cut(b.bindIP(), NAME),
                    b.containerPort(),
                    b.hostPort(),
                    cut(b.protocol(), NAME)))
        .toList();
  }

  /**
   * The task that a report on an attachment names: there is no attachment that has a name of its
   * own.
   */
  static Task.Key attachment(Call call, @Nullable String cluster, String arn) {
    if (!Arn.parse(arn).map(Arn::resource).orElse("").startsWith("task/")) {
      throw EcsError.INVALID_PARAMETER.because("The referenced attachment was not found.");
    }
    return Names.task(Names.cluster(call, cluster), arn);
  }

  /** The task that a report names, or empty where it names none. */
  static Optional<Task.Key> task(Call call, @Nullable String cluster, @Nullable String task) {
    return task == null || task.isEmpty()
        ? Optional.empty()
        : Optional.of(Names.task(Names.cluster(call, cluster), task));
  }
}
