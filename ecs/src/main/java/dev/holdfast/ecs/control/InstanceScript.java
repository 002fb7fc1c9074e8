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
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The commands to one container instance. Level-triggered: each look at the state tells what this
 * stream has not been told yet, so a new stream is told everything again. Woken for some tasks it
 * looks at these; at all of them when it begins, and with each heartbeat.
 */
final class InstanceScript implements AgentStream.Script {
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
  public boolean tell(Signals.Woken woken) throws IOException {
    @Nullable ContainerInstance row = row();
    List<Task> live = live(woken);
    if (row == null
        || (row.status() == ContainerInstance.Status.INACTIVE
            && live.isEmpty()
            && live().isEmpty())) {
      return false;
    }
    Instant now = tools.clock().instant();
    if (!greeted) {
      greet(live, now);
    }
    for (Task task : live) {
      String arn = arn(task);
      if (task.status().desiredStatus() == Desired.STOPPED) {
        if (stopped.add(arn)) {
          payload(PayloadTask.stop(arn, instance.clusterKey().arn().toString()), count(), now);
        }
      } else if (task.status().lastStatus().compareTo(Last.RUNNING) < 0 && started.add(arn)) {
        start(task, now);
      } else if (SessionRenewal.due(task, now)) {
        renew(task, now);
      }
    }
    return true;
  }

  private void greet(List<Task> live, Instant now) throws IOException {
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

  private @Nullable ContainerInstance row() {
    return tools.state().read(view -> view.get(EcsTables.INSTANCES, instance.account(), instance));
  }

  private List<Task> live() {
    return tools
        .state()
        .read(view -> Tasks.on(view, instance).stream().filter(Task::live).toList());
  }

  /** The tasks to look at. Of those that have ended nothing is kept in mind. */
  private List<Task> live(Signals.Woken woken) {
    List<Task> live = woken.all() ? live() : live(woken.tasks());
    Set<String> here = live.stream().map(InstanceScript::arn).collect(Collectors.toSet());
    Predicate<String> ended = arn -> !here.contains(arn);
    if (!woken.all()) {
      Set<String> asked =
          woken.tasks().stream().map(key -> key.arn().toString()).collect(Collectors.toSet());
      ended = ended.and(asked::contains);
    }
    started.removeIf(ended);
    stopped.removeIf(ended);
    return live;
  }

  private List<Task> live(Set<Task.Key> keys) {
    return tools
        .state()
        .read(
            view ->
                keys.stream()
                    .map(key -> view.get(EcsTables.TASKS, key.account(), key))
                    .filter(Objects::nonNull)
                    .filter(Task::live)
                    .toList());
  }

  private static String arn(Task task) {
    return task.key().arn().toString();
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
    switch (tools.sessions().draw(task, logRights(task, definition), now)) {
      case TaskSessions.Outcome.Refused(var role) ->
          change(
              task,
              t ->
                  TaskTransitions.failed(
                      t,
                      "ECS was unable to assume the role '"
                          + role
                          + "' that was provided for this task. Please verify that the role being"
                          + " passed has the proper trust relationship and permissions and that"
                          + " your IAM user has permissions to pass this role.",
                      now));
      case TaskSessions.Outcome.Drawn drawn -> {
        Numbered told = told(task, drawn, now);
        Task next = told.task();
        if (next != null
            && next.status().desiredStatus() == Desired.RUNNING
            && definition != null) {
          var spec = Overrides.of(next.launch().overrides()).apply(definition.spec());
          var payload = Payloads.start(next, spec, drawn.credentials(), agent.dialect());
          payload(payload, told.number(), now);
          logs(next, now);
        }
      }
    }
  }

  /** Writes down that the agent is told, with the sessions: one commit, since somebody waits. */
  private Numbered told(Task task, TaskSessions.Outcome.Drawn drawn, Instant now) {
    return tools
        .state()
        .own(
            Urgency.VITAL,
            tx ->
                new Numbered(
                    change(tx, task, drawn, t -> t.with(t.status().told()), now), count(tx)));
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

  /** As the shorter one, and from this commit on the sessions are listed and count. */
  private @Nullable Task change(
      Tx tx, Task task, TaskSessions.Outcome.Drawn drawn, UnaryOperator<Task> how, Instant now) {
    Task next = change(tx, task, t -> SessionRenewal.listed(how.apply(t), drawn.issued(), now));
    if (next != null) {
      drawn.keep(tx);
    }
    return next;
  }

  /** Sends fresh credentials under the ids that the task's containers know. */
  private void renew(Task task, Instant now) throws IOException {
    if (!(tools.sessions().draw(task, logRights(task, definition(task)), now)
        instanceof TaskSessions.Outcome.Drawn drawn)) {
      return;
    }
    Task next = tools.state().own(Urgency.VITAL, tx -> change(tx, task, drawn, t -> t, now));
    // One that was stopped meanwhile lost these sessions in the same commit.
    if (next != null && next.wanted()) {
      credentials(task, "TaskApplication", drawn.credentials().task());
      credentials(task, "TaskExecution", drawn.credentials().execution());
      logs(next, now);
    }
  }

  /**
   * Sends a session for its output of a task that lives, wanted or not, to an agent of ours, which
   * takes the output along itself.
   */
  private void logs(Task task, Instant now) throws IOException {
    TaskDefinition definition = agent.dialect().stock() ? null : definition(task);
    TaskSessions.One drawn =
        definition == null ? null : tools.sessions().drawLogs(task, definition.spec(), now);
    if (drawn != null) {
      tools
          .state()
          .own(
              Urgency.VITAL,
              tx -> {
                drawn.keep().accept(tx);
                return task;
              });
      credentials(task, LOGS, drawn.credentials());
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
