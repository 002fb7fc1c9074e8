// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.HostExecuteCommandMessage;
import dev.holdfast.aws.agent.HostInstancesMessage;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.state.ExecSession;
import dev.holdfast.ecs.state.ExecSessions;
import dev.holdfast.service.State;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one of the platform's own hosts: names the container instances that it serves, and the commands that are
 * to be run.
 */
final class HostScript implements AgentStream.Script {
  private final String host;
  private final State state;
  private final Outbox outbox;
  private final ExecSessions sessions;
  private @Nullable List<HostInstancesMessage.Instance> told;

  HostScript(String host, State state, Outbox outbox, ExecSessions sessions) {
    this.host = host;
    this.state = state;
    this.outbox = outbox;
    this.sessions = sessions;
  }

  @Override
  public boolean tell() throws IOException {
    List<HostInstancesMessage.Instance> now = instances();
    if (!now.equals(told)) {
      outbox.send(new HostInstancesMessage(outbox.messageId(), now));
      told = now;
    }
    for (ExecSession session : sessions.due(host)) {
      ExecSession.Asked asked = session.asked();
      outbox.send(
          new HostExecuteCommandMessage(
              outbox.messageId(),
              session.id(),
              asked.task().arn().toString(),
              asked.container(),
              asked.command(),
              session.terminal()));
    }
    return true;
  }

  private List<HostInstancesMessage.Instance> instances() {
    return state.read(
        view ->
            view.all(EcsTables.TASKS).stream()
                .filter(t -> t.place().host().equals(host))
                .map(HostScript::instance)
                .distinct()
                .map(
                    k ->
                        new HostInstancesMessage.Instance(
                            k.arn().toString(), k.clusterKey().arn().toString(), k.region().name()))
                .toList());
  }

  private static ContainerInstance.Key instance(Task task) {
    return new ContainerInstance.Key(
        task.key().account(), task.key().region(), task.key().cluster(), task.place().instance());
  }

  @Override
  public void hear(AgentMessage message) {
    // The host only answers heartbeats.
  }
}
