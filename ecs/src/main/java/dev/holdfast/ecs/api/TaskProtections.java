// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.Failure;
import dev.holdfast.aws.ecs.ProtectedTask;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.ServiceTask;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.store.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** What the operations on the protection of tasks share. */
final class TaskProtections {
  private TaskProtections() {}

  static Access access(Call call, String action, String cluster, List<String> tasks, int most) {
    Cluster.Key key = Names.cluster(call, cluster);
    return Names.each(
        Names.atMost(most, "Tasks", tasks).stream()
            .map(text -> Names.demand(action, Names.task(key, text)))
            .toList(),
        Demand.on(action).key("ecs:cluster", key.arn().toString()));
  }

  /** The tasks that a service keeps, and why the others are none. */
  record Found(List<ProtectedTask> tasks, List<Failure> failures) {}

  static Found each(
      View view,
      Cluster.Key cluster,
      List<String> texts,
      BiFunction<Task, ServiceTask, ServiceTask> how,
      Instant now) {
    Names.active(view, cluster);
    var tasks = new ArrayList<ProtectedTask>();
    var failures = new ArrayList<Failure>();
    for (String text : texts) {
      var key = Names.task(cluster, text);
      Names.require(cluster, key.clusterKey());
      Task task = view.get(EcsTables.TASKS, key.account(), key);
      ServiceTask row = task == null ? null : Services.task(view, task);
      if (task == null || (row == null && !task.live())) {
        failures.add(Wire.missing(key.arn()));
      } else if (row == null || !task.wanted()) {
        failures.add(
            Failure.builder()
                .arn(key.arn().toString())
                .reason("TASK_NOT_VALID")
                .detail(
                    row == null
                        ? "The specified task is not part of a service."
                        : "The specified task is stopping.")
                .build());
      } else {
        tasks.add(shape(task, how.apply(task, row), now));
      }
    }
    return new Found(tasks, failures);
  }

  private static ProtectedTask shape(Task task, ServiceTask row, Instant now) {
    Instant until = row.protectedUntil();
    boolean guarded = until != null && until.isAfter(now);
    return ProtectedTask.builder()
        .taskArn(task.key().arn().toString())
        .protectionEnabled(guarded)
        .expirationDate(guarded ? until : null)
        .build();
  }

  static void requireSome(List<String> tasks) {
    if (tasks.isEmpty()) {
      throw EcsError.INVALID_PARAMETER.because("Tasks cannot be empty.");
    }
  }
}
