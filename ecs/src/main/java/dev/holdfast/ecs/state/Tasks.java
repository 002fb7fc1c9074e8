// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.port.Roles;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The rows of tasks: whoever stops a task also gives back what it held. */
public final class Tasks {
  private final Roles roles;

  public Tasks(Roles roles) {
    this.roles = roles;
  }

  /**
   * Writes a task's next state. One that has ended gives back its place. A task that is not wanted
   * any more has no session but those that last, and a session that a task does not list any more
   * is void: both from this commit on.
   */
  public void put(Tx tx, Task before, Task after, Instant now) {
    if (before.equals(after)) {
      return;
    }
    if (before.live() && !after.live()) {
      release(tx, after);
    }
    Task next = after.wanted() ? after : after.with(after.credentials().with(lasting(after)));
    var given = new LinkedHashSet<>(before.credentials().sessions());
    given.addAll(after.credentials().sessions());
    next.credentials().sessions().forEach(given::remove);
    end(tx, given, now);
    tx.put(EcsTables.TASKS, next.key().account(), next.key(), next);
    tell(tx, before, next, now);
  }

  /** Writes down what a change of a task means to those who follow, and remembers its end. */
  public static void tell(Tx tx, Task before, Task after, Instant now) {
    if (after.status().version() != before.status().version()) {
      Announce.task(tx, after, now);
    }
    if (before.live() && !after.live()) {
      Past.stopped(tx, after, now);
    }
  }

  /** The sessions that a task keeps which is told to stop and has not ended. */
  private static List<Task.IssuedSession> lasting(Task task) {
    return task.live()
        ? task.credentials().sessions().stream().filter(Task.IssuedSession::lasting).toList()
        : List.of();
  }

  /** Forgets a task that ended. */
  public void delete(Tx tx, Task task) {
    release(tx, task);
    Tags.delete(tx, task.key().account(), task.key().arn());
    tx.delete(EcsTables.TASKS, task.key().account(), task.key());
  }

  private static void release(Tx tx, Task task) {
    Host host = tx.get(EcsTables.HOSTS, Table.PLATFORM, task.place().host());
    if (host != null) {
      Host rest = host.release(task.key().arn().toString());
      if (!rest.equals(host)) {
        tx.put(EcsTables.HOSTS, Table.PLATFORM, host.id(), rest);
      }
    }
  }

  private void end(Tx tx, Collection<Task.IssuedSession> given, Instant now) {
    given.stream()
        .filter(session -> session.expires().isAfter(now))
        .collect(Collectors.groupingBy(Task.IssuedSession::roleArn))
        .forEach(
            (role, sessions) ->
                Arn.parse(role)
                    .ifPresent(
                        arn ->
                            roles.end(
                                tx,
                                arn,
                                sessions.stream().map(Task.IssuedSession::id).toList(),
                                now)));
  }

  /** The task of an ARN; empty where there is none. */
  public static Optional<Task> find(View view, Arn arn) {
    return Task.Key.of(arn).map(key -> view.get(EcsTables.TASKS, key.account(), key));
  }

  /** The tasks of a container instance, in the order of their ids. */
  public static List<Task> on(View view, dev.holdfast.ecs.model.ContainerInstance.Key instance) {
    return view.byIndex(
        EcsTables.TASKS, instance.account(), "instance", instance.region().name(), instance.id());
  }
}
