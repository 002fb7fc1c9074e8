// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.HostExecuteCommandMessage;
import dev.holdfast.aws.agent.HostInstancesMessage;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.state.ExecSession;
import dev.holdfast.ecs.state.ExecSessions;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one of the platform's own hosts: names the container instances that it serves, and
 * the commands that are to be run.
 */
final class HostScript implements AgentStream.Script {
  private final String host;
  private final State state;
  private final Outbox outbox;
  private final ExecSessions sessions;
  private final Function<String, List<ContainerInstance.Key>> instancesOn;
  private @Nullable List<HostInstancesMessage.Instance> told;

  /**
   * The script of a host.
   *
   * @param instancesOn the container instances of a host, without a walk over all there are
   */
  HostScript(
      String host,
      State state,
      Outbox outbox,
      ExecSessions sessions,
      Function<String, List<ContainerInstance.Key>> instancesOn) {
    this.host = host;
    this.state = state;
    this.outbox = outbox;
    this.sessions = sessions;
    this.instancesOn = instancesOn;
  }

  @Override
  public boolean tell(Signals.Woken woken) throws IOException {
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

  /** Those that have tasks, in the order of their ARNs. */
  private List<HostInstancesMessage.Instance> instances() {
    List<ContainerInstance.Key> here = instancesOn.apply(host);
    return state.read(
        view ->
            here.stream()
                .filter(key -> hasTasks(view, key))
                .map(
                    k ->
                        new HostInstancesMessage.Instance(
                            k.arn().toString(), k.clusterKey().arn().toString(), k.region().name()))
                .sorted(Comparator.comparing(HostInstancesMessage.Instance::containerInstanceArn))
                .toList());
  }

  private static boolean hasTasks(View view, ContainerInstance.Key key) {
    return !view.byIndex(
            EcsTables.TASKS,
            key.account(),
            "instance",
            List.of(key.region().name(), key.id()),
            null,
            1)
        .isEmpty();
  }

  @Override
  public void hear(AgentMessage message) {
    // The host only answers heartbeats.
  }
}
