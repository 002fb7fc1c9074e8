// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ExecuteCommandRequest;
import dev.holdfast.aws.ecs.ExecuteCommandResponse;
import dev.holdfast.aws.ecs.Session;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerState;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.CommandWords;
import dev.holdfast.ecs.plan.Reach;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.ExecSession;
import dev.holdfast.ecs.state.ExecSessions;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Guardrail;
import dev.holdfast.service.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens a session with a command in a container of a running task.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html">ECS
 *     Exec</a>
 */
public final class ExecuteCommand
    implements Operation<ExecuteCommandRequest, ExecuteCommandResponse> {
  private static final int LONGEST = 8 * 1024;

  /** What the session of a task is tagged with. */
  private static final String TASK_TAG = "holdfast:task";

  private final EcsDependencies deps;
  private final Connections connections;
  private final ExecSessions sessions;

  public ExecuteCommand(EcsDependencies deps, Connections connections, ExecSessions sessions) {
    this.deps = deps;
    this.connections = connections;
    this.sessions = sessions;
  }

  @Override
  public OperationModel<ExecuteCommandRequest, ExecuteCommandResponse> model() {
    return EcsModel.EXECUTE_COMMAND;
  }

  @Override
  public Access access(Call call, ExecuteCommandRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    Task.Key task = Names.task(cluster, in.task());
    return Access.of(
        keyed(Names.demand("ecs:ExecuteCommand", task), in, task).revealing(),
        keyed(Demand.on("ecs:ExecuteCommand", cluster.arn()), in, task)
            .key("ecs:cluster", cluster.arn().toString()));
  }

  private static Demand keyed(Demand demand, ExecuteCommandRequest in, Task.Key task) {
    return demand.key("ecs:container-name", in.container()).key("ecs:task", task.arn().toString());
  }

  @Override
  public ExecuteCommandResponse handle(Call call, ExecuteCommandRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    Task.Key key = Names.task(cluster, in.task());
    Names.require(cluster, key.clusterKey());
    if (!Boolean.TRUE.equals(in.interactive())) {
      throw EcsError.INVALID_PARAMETER.because("Interactive is the only mode supported currently.");
    }
    List<String> command = words(in.command());
    Task task =
        deps.state()
            .read(
                view -> {
                  Names.active(view, cluster);
                  return view.get(EcsTables.TASKS, key.account(), key);
                });
    if (task == null) {
      throw EcsError.INVALID_PARAMETER.because("The referenced task was not found.");
    }
    requireOwnEnvironment(call, task);
    ContainerState container = container(task, in.container());
    requireRunning(task, container);
    var asked = new ExecSession.Asked(call, key, task.place().host(), container.name(), command);
    ExecSessions.Opened opened =
        sessions
            .open(asked)
            .orElseThrow(
                () ->
                    EcsError.CLIENT.because("too many sessions are open; end one, then try again"));
    String url =
        Reach.url(call.origin().sourceIp(), deps.endpoint().get().url(), deps.outward().get());
    return answer(task, container, opened, url);
  }

  /**
   * Refuses to let one environment into a task of another: a task may have its own from its
   * definition or cluster, which no tag of the task says.
   */
  private void requireOwnEnvironment(Call call, Task task) {
    String mine = call.principal().environment();
    String its = task.environment().name();
    boolean bound = mine != null || call.principal().tags().containsKey(TASK_TAG);
    if (its != null && bound && !its.equals(mine)) {
      deps.guardrails()
          .violated(
              call,
              Guardrail.ENVIRONMENT_LEAK,
              EcsError.ACCESS_DENIED,
              task.key().arn().toString(),
              "the task belongs to the environment "
                  + its
                  + " and the caller "
                  + (mine == null ? "to none" : "to " + mine)
                  + ": use a principal of the task's environment, or a person's");
    }
  }

  private static List<String> words(String command) {
    List<String> words = CommandWords.of(command).orElse(List.of());
    if (words.isEmpty() || command.length() > LONGEST || command.indexOf('\0') >= 0) {
      throw EcsError.INVALID_PARAMETER.because(
          "`command` is a line of at most %d characters whose quotes are closed, such as \"sh -c"
              + " 'ls -l'\"",
          LONGEST);
    }
    return words;
  }

  private static ContainerState container(Task task, @Nullable String name) {
    if (name == null && task.containers().size() == 1) {
      return task.containers().getFirst();
    }
    if (name == null) {
      throw EcsError.INVALID_PARAMETER.because(
          "the task has %d containers: name one of them in `container`: %s",
          task.containers().size(),
          String.join(", ", task.containers().stream().map(ContainerState::name).toList()));
    }
    return task.containers().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                EcsError.INVALID_PARAMETER.because(
                    "The container name provided was not found in the task."));
  }

  private void requireRunning(Task task, ContainerState container) {
    if (!task.launch().enablesExecuteCommand()
        || task.status().desiredStatus() != TaskStatus.Desired.RUNNING
        || container.lastStatus() != TaskStatus.Last.RUNNING) {
      throw EcsError.INVALID_PARAMETER.because(
          "The execute command failed because execute command was not enabled when the task was run"
              + " or the execute command agent isn't running. Wait and try again or run a new task"
              + " with execute command enabled and try again.");
    }
    if (!connections.connected(Connections.host(task.place().host()))) {
      throw EcsError.TARGET_NOT_CONNECTED.because(
          "The execute command failed because the host of the task is not connected. Try again"
              + " later.");
    }
  }

  /** A websocket's URL is another's with {@code ws} for {@code http}. */
  private static ExecuteCommandResponse answer(
      Task task, ContainerState container, ExecSessions.Opened opened, String url) {
    String id = opened.session().id();
    return ExecuteCommandResponse.builder()
        .clusterArn(task.key().clusterKey().arn().toString())
        .taskArn(task.key().arn().toString())
        .containerArn(Wire.containerArn(task, container).toString())
        .containerName(container.name())
        .interactive(true)
        .session(
            Session.builder()
                .sessionId(id)
                .streamUrl(
                    url.replaceFirst("^http", "ws")
                        + "/v1/data-channel/"
                        + id
                        + "?role=publish_subscribe")
                .tokenValue(opened.token())
                .build())
        .build();
  }
}
