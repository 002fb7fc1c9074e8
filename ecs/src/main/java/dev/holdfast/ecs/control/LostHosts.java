// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.JoinedHost;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.space.Urgency;
import java.time.Instant;
import java.util.List;

/**
 * State that was taken to another machine: none of its hosts came along, so no task of it runs
 * here, and no agent that it knows will ever speak to this installation.
 */
public final class LostHosts {
  private LostHosts() {}

  /**
   * Ends every task, frees what was booked, and takes the hosts that had joined out of their
   * clusters. The tasks' sessions are the caller's to end.
   *
   * @return how many tasks ended
   */
  public static int giveUp(State state, String reason, Instant now) {
    List<Task.Key> live = state.read(view -> LiveTasks.keys(view, _ -> true));
    LiveTasks.change(
        state,
        live,
        (tx, task) -> {
          Task ended = TaskTransitions.lost(task, reason, now);
          tx.put(
              EcsTables.TASKS,
              task.key().account(),
              task.key(),
              ended.with(ended.credentials().with(List.of())));
          Tasks.tell(tx, task, ended, now);
        });
    state.own(
        Urgency.VITAL,
        tx -> {
          Journal.leap(tx);
          for (Host host : tx.list(EcsTables.HOSTS, Table.PLATFORM)) {
            tx.put(EcsTables.HOSTS, Table.PLATFORM, host.id(), host.with(List.of()));
          }
          for (JoinedHost joined : tx.list(EcsTables.JOINED_HOSTS, Table.PLATFORM)) {
            tx.delete(EcsTables.JOINED_HOSTS, Table.PLATFORM, joined.id());
          }
          for (ContainerInstance instance : tx.all(EcsTables.INSTANCES)) {
            if (!instance.local() && instance.status() != ContainerInstance.Status.INACTIVE) {
              tx.put(
                  EcsTables.INSTANCES,
                  instance.key().account(),
                  instance.key(),
                  instance.with(ContainerInstance.Status.INACTIVE));
            }
          }
          return now;
        });
    return live.size();
  }
}
