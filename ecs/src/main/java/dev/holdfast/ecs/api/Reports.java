// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.NetworkBinding;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.ContainerState;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.TaskReport;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.state.Hosts;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.service.Call;
import dev.holdfast.service.State;
import dev.holdfast.store.Tx;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reports of agents, applied in the order in which they come. */
record Reports(State state, Tasks tasks) {

  /** Applies a report by the agent that the task was placed on. */
  <R> R apply(Call call, Task.Key key, TaskReport report, R acknowledgment) {
    return state.commit(
        call,
        tx -> {
          Task task = tx.get(EcsTables.TASKS, key.account(), key);
          if (task == null) {
            throw EcsError.INVALID_PARAMETER.because("The referenced task was not found.");
          }
          if (!bound(tx, task, call)) {
            throw EcsError.ACCESS_DENIED.because(
                "the task `%s` was placed on a container instance of another principal", key.id());
          }
          tasks.put(tx, task, TaskTransitions.reported(task, report, call.now()), call.now());
          return acknowledgment;
        });
  }

  private static boolean bound(Tx tx, Task task, Call call) {
    var place =
        new ContainerInstance.Key(
            task.key().account(),
            task.key().region(),
            task.key().cluster(),
            task.place().instance());
    ContainerInstance instance = tx.get(EcsTables.INSTANCES, place.account(), place);
    return instance != null && Hosts.binds(instance, call);
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

  static List<ContainerState.Binding> bindings(List<NetworkBinding> bindings) {
    return bindings.stream()
        .map(
            b ->
                new ContainerState.Binding(
                    b.bindIP(), b.containerPort(), b.hostPort(), b.protocol()))
        .toList();
  }

  /** The task that a report names, or empty where it names none. */
  static Optional<Task.Key> task(Call call, @Nullable String cluster, @Nullable String task) {
    return task == null || task.isEmpty()
        ? Optional.empty()
        : Optional.of(Names.task(Names.cluster(call, cluster), task));
  }
}
