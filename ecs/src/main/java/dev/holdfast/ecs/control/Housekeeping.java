// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import dev.holdfast.store.space.Urgency;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * What time alone brings: stopped tasks, ended services, deleted clusters and container instances
 * that were taken out of theirs are forgotten after an hour, tasks that no host takes are given up,
 * and nothing stays booked for a task that is gone.
 */
public final class Housekeeping {
  static final Duration KEPT = Duration.ofHours(1);
  static final Duration PENDING = Duration.ofMinutes(30);

  private final State state;
  private final Tasks tasks;
  private final InactiveInstances forgotten;
  private final InactiveClusters deleted;

  public Housekeeping(State state, Tasks tasks) {
    this.state = state;
    this.tasks = tasks;
    this.forgotten = new InactiveInstances(state, KEPT);
    this.deleted = new InactiveClusters(state, KEPT);
  }

  /**
   * One round.
   *
   * @throws CancellationException where the thread was interrupted: the platform ends, and its end
   *     does not wait for a walk over many rows
   */
  public void sweep(Instant now) {
    var due = new ArrayList<Task.Key>();
    var ended = new ArrayList<Task.Key>();
    // One walk for all that tasks tell: there may be very many.
    var lost =
        state.read(
            view -> {
              var live = new HashSet<String>();
              view.each(
                  EcsTables.TASKS,
                  task -> {
                    goOn();
                    if (over(task, now)) {
                      ended.add(task.key());
                    } else if (stuck(task, now) || orphaned(view, task, now)) {
                      due.add(task.key());
                    }
                    if (task.live()) {
                      live.add(task.key().arn().toString());
                    }
                  });
              return view.list(EcsTables.HOSTS, Table.PLATFORM).stream()
                  .filter(host -> !live.containsAll(booked(host)))
                  .map(Host::id)
                  .toList();
            });
    // What frees a host goes on while the disk is full; what is only forgotten waits.
    due.forEach(key -> state.own(Urgency.VITAL, tx -> tend(tx, key, now)));
    lost.forEach(this::release);
    ended.forEach(key -> state.own(tx -> tend(tx, key, now)));
    forgetServices(now);
    forgetDefinitions();
    forgotten.sweep(now);
    deleted.sweep(now);
  }

  private static boolean over(Task task, Instant now) {
    Instant stopped = task.status().times().stoppedAt();
    return !task.live() && stopped != null && stopped.plus(KEPT).isBefore(now);
  }

  private static boolean stuck(Task task, Instant now) {
    TaskStatus status = task.status();
    return status.desiredStatus() == TaskStatus.Desired.RUNNING
        && status.lastStatus().compareTo(TaskStatus.Last.RUNNING) < 0
        && status.times().pullStartedAt() == null
        && status.times().createdAt().plus(PENDING).isBefore(now);
  }

  /**
   * Whether a task was to stop long ago and its instance was taken out of the cluster: an agent
   * that lives would have said so by now.
   */
  private static boolean orphaned(View view, Task task, Instant now) {
    Instant asked = task.status().times().stoppingAt();
    if (!task.live() || task.wanted() || asked == null || !asked.plus(KEPT).isBefore(now)) {
      return false;
    }
    var key =
        new ContainerInstance.Key(
            task.key().account(),
            task.key().region(),
            task.key().cluster(),
            task.place().instance());
    ContainerInstance row = view.get(EcsTables.INSTANCES, key.account(), key);
    return row == null || row.status() == ContainerInstance.Status.INACTIVE;
  }

  private boolean tend(Tx tx, Task.Key key, Instant now) {
    Task task = tx.get(EcsTables.TASKS, key.account(), key);
    if (task != null && over(task, now)) {
      tasks.delete(tx, task);
    } else if (task != null && stuck(task, now)) {
      String text =
          "Task failed to start: no host took it within " + PENDING.toMinutes() + " minutes";
      tasks.put(tx, task, TaskTransitions.failed(task, text, now), now);
    } else if (task != null && orphaned(tx, task, now)) {
      String text = "the container instance was deregistered, and its agent said nothing more";
      tasks.put(tx, task, TaskTransitions.lost(task, text, now), now);
    }
    return true;
  }

  private void forgetServices(Instant now) {
    var due = new ArrayList<Service.Key>();
    state.read(
        view -> {
          view.each(
              EcsTables.SERVICES,
              service -> {
                goOn();
                if (over(service, now)) {
                  due.add(service.key());
                }
              });
          return due;
        });
    for (Service.Key key : due) {
      state.own(
          tx -> {
            Service row = Services.find(tx, key);
            if (row != null && over(row, now)) {
              Services.forget(tx, key);
            }
            return null;
          });
    }
  }

  private static boolean over(Service service, Instant now) {
    Instant ended = service.progress().endedAt();
    return service.status() == Service.Status.INACTIVE
        && ended != null
        && ended.plus(KEPT).isBefore(now);
  }

  /** An account that was removed leaves its bookings behind. */
  private void release(String id) {
    state.own(
        Urgency.VITAL,
        tx -> {
          Host row = tx.get(EcsTables.HOSTS, Table.PLATFORM, id);
          if (row != null) {
            Set<String> live = live(tx, booked(row));
            tx.put(
                EcsTables.HOSTS,
                Table.PLATFORM,
                row.id(),
                row.with(row.bookings().stream().filter(b -> live.contains(b.task())).toList()));
          }
          return null;
        });
  }

  private static List<String> booked(Host host) {
    return host.bookings().stream().map(Host.Booking::task).toList();
  }

  /** Those of some tasks that live. */
  private static Set<String> live(View view, List<String> booked) {
    var live = new HashSet<String>();
    for (String text : booked) {
      Task.Key key = Arn.parse(text).flatMap(Task.Key::of).orElse(null);
      Task task = key == null ? null : view.get(EcsTables.TASKS, key.account(), key);
      if (task != null && task.live()) {
        live.add(text);
      }
    }
    return live;
  }

  private void forgetDefinitions() {
    List<TaskDefinition> deleted = state.read(Housekeeping::deletedAndUnused);
    for (TaskDefinition definition : deleted) {
      state.own(
          tx -> {
            dev.holdfast.service.Tags.delete(
                tx, definition.key().account(), definition.key().arn());
            tx.delete(EcsTables.TASK_DEFINITIONS, definition.key().account(), definition.key());
            return null;
          });
    }
  }

  /** One walk over each table, whatever their sizes. */
  private static List<TaskDefinition> deletedAndUnused(View view) {
    var deleted = new ArrayList<TaskDefinition>();
    view.each(
        EcsTables.TASK_DEFINITIONS,
        definition -> {
          goOn();
          if (definition.status() == TaskDefinition.Status.DELETE_IN_PROGRESS) {
            deleted.add(definition);
          }
        });
    if (!deleted.isEmpty()) {
      var used = new HashSet<TaskDefinition.Key>();
      view.each(EcsTables.TASKS, task -> used.add(task.launch().definition()));
      used.addAll(Services.definitions(view));
      deleted.removeIf(definition -> used.contains(definition.key()));
    }
    return deleted;
  }

  private static void goOn() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("the platform ends");
    }
  }
}
