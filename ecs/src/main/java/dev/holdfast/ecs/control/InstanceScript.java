// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.IAMRoleCredentialsMessage;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.aws.agent.TaskIdentity;
import dev.holdfast.aws.agent.TaskManifestMessage;
import dev.holdfast.aws.agent.TaskStopVerificationAck;
import dev.holdfast.aws.agent.TaskStopVerificationMessage;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.model.TaskStatus.Desired;
import dev.holdfast.ecs.model.TaskStatus.Last;
import dev.holdfast.ecs.plan.Overrides;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.ecs.state.Usage;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.service.State;
import dev.holdfast.store.Tx;
import dev.holdfast.store.space.Urgency;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The commands to one container instance. Level-triggered: each look at the state tells what this
 * stream has not been told yet, so a new stream is told everything again.
 */
final class InstanceScript implements AgentStream.Script {
  private static final Duration RENEWAL = Duration.ofMinutes(30);

  /** So far ahead a session may be issued and still be taken. */
  private static final Duration AHEAD = Duration.ofDays(1);

  /** Of one task at a time: two roles, and eight starts of its agent within a session's life. */
  private static final int MOST_SESSIONS = 16;

  /** The kind of the session that our own agent takes a task's output to its log streams with. */
  private static final String LOGS = "TaskLogs";

  /** What the script works with. */
  record Tools(State state, Tasks tasks, TaskSessions sessions, Usage usage, InstantSource clock) {}

  /**
   * What an agent is.
   *
   * @param anew whether it lost the credentials of its tasks
   */
  record Agent(boolean anew, Dialect dialect) {}

  private final Tools tools;
  private final ContainerInstance.Key instance;
  private final Outbox outbox;
  private final Set<String> started = new HashSet<>();
  private final Set<String> stopped = new HashSet<>();
  private boolean greeted;
  private final Agent agent;

  InstanceScript(Tools tools, ContainerInstance.Key instance, Outbox outbox, Agent agent) {
    this.tools = tools;
    this.instance = instance;
    this.outbox = outbox;
    this.agent = agent;
  }

  @Override
  public boolean tell() throws IOException {
    @Nullable ContainerInstance row = row();
    List<Task> live = live();
    if (row == null || (row.status() == ContainerInstance.Status.INACTIVE && live.isEmpty())) {
      return false;
    }
    Instant now = tools.clock().instant();
    if (!greeted) {
      greeted = true;
      if (agent.anew()) {
        for (Task task : live) {
          if (task.wanted() && task.status().dispatched()) {
            renew(task, now);
          } else if (task.status().dispatched()) {
            logs(task, now);
          }
        }
      }
      manifest(live, now);
    }
    for (Task task : live) {
      String arn = task.key().arn().toString();
      if (task.status().desiredStatus() == Desired.STOPPED) {
        if (stopped.add(arn)) {
          payload(PayloadTask.stop(arn, instance.clusterKey().arn().toString()), count(), now);
        }
      } else if (task.status().lastStatus().compareTo(Last.RUNNING) < 0 && started.add(arn)) {
        start(task, now);
      } else if (due(task, now)) {
        renew(task, now);
      }
    }
    return true;
  }

  /**
   * Whether a role of the task has no session that lasts. One that ends later than any that is
   * opened now was opened by a clock that was wrong, and is refused for it.
   */
  private static boolean due(Task task, Instant now) {
    var last = new HashMap<String, Instant>();
    task.credentials()
        .sessions()
        .forEach(
            s -> {
              boolean wrong = s.expires().isAfter(now.plus(TaskSessions.LIFE).plus(AHEAD));
              Instant end = wrong ? Instant.MIN : s.expires();
              last.merge(s.roleArn(), end, (a, b) -> a.isAfter(b) ? a : b);
            });
    return last.values().stream().anyMatch(end -> end.isBefore(now.plus(RENEWAL)));
  }

  private @Nullable ContainerInstance row() {
    return tools.state().read(view -> view.get(EcsTables.INSTANCES, instance.account(), instance));
  }

  private List<Task> live() {
    return tools
        .state()
        .read(view -> Tasks.on(view, instance).stream().filter(Task::live).toList());
  }

  private void manifest(List<Task> live, Instant now) throws IOException {
    var tasks =
        live.stream()
            .map(
                t ->
                    new TaskIdentity(
                        t.key().arn().toString(),
                        t.key().clusterKey().arn().toString(),
                        t.status().desiredStatus().name()))
            .toList();
    outbox.send(
        new TaskManifestMessage(
            outbox.messageId(),
            instance.clusterKey().arn().toString(),
            instance.arn().toString(),
            now.toEpochMilli(),
            count(),
            tasks));
  }

  private long count() {
    return tools.state().own(Urgency.VITAL, this::count);
  }

  /** The next number of the instance's one counter. */
  private long count(Tx tx) {
    ContainerInstance row = tx.get(EcsTables.INSTANCES, instance.account(), instance);
    if (row == null) {
      return 0L;
    }
    ContainerInstance next = row.counted(1);
    tx.put(EcsTables.INSTANCES, instance.account(), instance, next);
    return next.counter();
  }

  private void payload(PayloadTask task, long number, Instant now) throws IOException {
    outbox.send(
        new PayloadMessage(
            outbox.messageId(),
            instance.clusterKey().arn().toString(),
            instance.arn().toString(),
            now.toEpochMilli(),
            number,
            number,
            List.of(task)));
  }

  private void start(Task task, Instant now) throws IOException {
    Optional<String> unreadable = agent.dialect().unreadable(task);
    if (unreadable.isPresent()) {
      change(task, t -> TaskTransitions.failed(t, unreadable.get(), now));
      return;
    }
    TaskDefinition definition = definition(task);
    switch (tools.sessions().open(task, logRights(task, definition), now)) {
      case TaskSessions.Outcome.Refused(var role) ->
          change(
              task,
              t ->
                  TaskTransitions.failed(
                      t,
                      "ECS was unable to assume the role '"
                          + role
                          + "' that was provided for this task. Please verify that the role being"
                          + " passed has the proper trust relationship and permissions and that your"
                          + " IAM user has permissions to pass this role.",
                      now));
      case TaskSessions.Outcome.Opened(var credentials, var issued) -> {
        // One commit, since the task's user waits for it.
        Numbered told =
            tools
                .state()
                .own(
                    Urgency.VITAL,
                    tx ->
                        new Numbered(
                            change(
                                tx,
                                task,
                                t ->
                                    t.with(t.status().told())
                                        .with(
                                            t.credentials()
                                                .with(
                                                    together(
                                                        t.credentials().sessions(), issued, now)))),
                            count(tx)));
        Task next = told.task();
        if (next != null
            && next.status().desiredStatus() == Desired.RUNNING
            && definition != null) {
          var spec = Overrides.of(next.launch().overrides()).apply(definition.spec());
          payload(Payloads.start(next, spec, credentials, agent.dialect()), told.number(), now);
          logs(next, now);
        }
      }
    }
  }

  private @Nullable TaskDefinition definition(Task task) {
    return tools
        .state()
        .read(
            view ->
                view.get(
                    EcsTables.TASK_DEFINITIONS, task.key().account(), task.launch().definition()));
  }

  /** What the execution role's session may do beside, where the engine writes the logs itself. */
  private List<JsonValue> logRights(Task task, @Nullable TaskDefinition definition) {
    return agent.dialect().stock() && definition != null
        ? LogRights.of(task, definition.spec())
        : List.of();
  }

  /** A task that its agent is to be told of, null where it is gone, and the message's number. */
  private record Numbered(@Nullable Task task, long number) {}

  /**
   * Old sessions stay listed until they end by themselves, so that the task's end can end them too.
   * An agent that asks for ever more of them loses the oldest.
   */
  private static List<Task.IssuedSession> together(
      List<Task.IssuedSession> before, List<Task.IssuedSession> more, Instant now) {
    List<Task.IssuedSession> all =
        Stream.concat(before.stream().filter(s -> s.expires().isAfter(now)), more.stream())
            .toList();
    return all.subList(Math.max(0, all.size() - MOST_SESSIONS), all.size());
  }

  /** Changes a task that still lives; null where it is gone or has ended meanwhile. */
  private @Nullable Task change(Task task, UnaryOperator<Task> how) {
    return tools.state().own(Urgency.VITAL, tx -> change(tx, task, how));
  }

  private @Nullable Task change(Tx tx, Task task, UnaryOperator<Task> how) {
    Task row = tx.get(EcsTables.TASKS, task.key().account(), task.key());
    if (row == null || !row.live()) {
      return null;
    }
    Task next = how.apply(row);
    tools.tasks().put(tx, row, next, tools.clock().instant());
    return next;
  }

  /** Sends fresh credentials under the ids that the task's containers know. */
  private void renew(Task task, Instant now) throws IOException {
    if (!(tools.sessions().open(task, logRights(task, definition(task)), now)
        instanceof TaskSessions.Outcome.Opened(var credentials, var issued))) {
      return;
    }
    Task next =
        change(
            task,
            t -> t.with(t.credentials().with(together(t.credentials().sessions(), issued, now))));
    // One that was stopped meanwhile lost these sessions in the same commit.
    if (next != null && next.wanted()) {
      credentials(task, "TaskApplication", credentials.task());
      credentials(task, "TaskExecution", credentials.execution());
      logs(next, now);
    }
  }

  /**
   * Sends a session for its output of a task that lives, wanted or not, to an agent of ours, which
   * takes the output along itself.
   */
  private void logs(Task task, Instant now) throws IOException {
    TaskDefinition definition = agent.dialect().stock() ? null : definition(task);
    if (definition != null) {
      credentials(task, LOGS, tools.sessions().openLogs(task, definition.spec(), now));
    }
  }

  private void credentials(Task task, String type, @Nullable RoleCredentials credentials)
      throws IOException {
    if (credentials != null) {
      outbox.send(
          new IAMRoleCredentialsMessage(
              outbox.messageId(),
              task.key().arn().toString(),
              task.key().clusterKey().arn().toString(),
              type,
              credentials));
    }
  }

  @Override
  public void hear(AgentMessage message) throws IOException {
    if (message instanceof TaskStopVerificationMessage(var id, var candidates)) {
      var wanted = new HashSet<String>();
      for (Task task : live()) {
        if (task.status().desiredStatus() == Desired.RUNNING) {
          wanted.add(task.key().arn().toString());
        }
      }
      var stop = new ArrayList<TaskIdentity>();
      for (TaskIdentity candidate : candidates) {
        if (!wanted.contains(Objects.requireNonNull(candidate.taskArn()))) {
          stop.add(candidate);
        }
      }
      outbox.send(new TaskStopVerificationAck(id, tools.clock().instant().toEpochMilli(), stop));
    }
  }
}
