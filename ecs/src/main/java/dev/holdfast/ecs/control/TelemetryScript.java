// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.agent.AckPublishHealth;
import dev.holdfast.aws.agent.AckPublishInstanceStatus;
import dev.holdfast.aws.agent.AckPublishMetric;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.PublishHealthRequest;
import dev.holdfast.aws.agent.PublishInstanceStatusRequest;
import dev.holdfast.aws.agent.PublishMetricsRequest;
import dev.holdfast.aws.agent.TelemetryFrame;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.http.WebSocketConnection;
import dev.holdfast.kit.Json;
import dev.holdfast.store.space.Urgency;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** An instance's telemetry: health of containers and what they use are kept. */
final class TelemetryScript {
  private static final Set<String> HEALTH = Set.of("HEALTHY", "UNHEALTHY", "UNKNOWN");
  private static final Duration POLL = Duration.ofSeconds(10);

  private final InstanceScript.Tools tools;
  private final ContainerInstance.Key instance;
  private final Outbox outbox;

  TelemetryScript(InstanceScript.Tools tools, ContainerInstance.Key instance, Outbox outbox) {
    this.tools = tools;
    this.instance = instance;
    this.outbox = outbox;
  }

  /**
   * Serves the stream: the peer speaks, and hears a heartbeat now and then. One that has left is
   * heard to its end.
   *
   * @param lasts whether the peer may still speak for the instance
   */
  void serve(WebSocketConnection socket, BooleanSupplier lasts) throws InterruptedException {
    try {
      while (lasts.getAsBoolean()) {
        if (socket.isOpen()) {
          outbox.beat();
        }
        var frame = socket.receive(POLL);
        if (frame.isEmpty() && !socket.isOpen()) {
          return; // all of it was heard
        }
        if (frame.isPresent()) {
          hear(frame.get());
        }
      }
    } catch (IOException _) {
      socket.close(1001, "");
    }
  }

  private void hear(String text) {
    AgentMessage message;
    try {
      message = TelemetryFrame.parse(text).message();
    } catch (Json.MalformedJson | IllegalArgumentException _) {
      return;
    }
    switch (message) {
      case PublishHealthRequest request -> {
        health(request);
        acknowledge(new AckPublishHealth(null));
      }
      case PublishMetricsRequest request -> {
        use(request);
        acknowledge(new AckPublishMetric(null));
      }
      case PublishInstanceStatusRequest _ -> acknowledge(new AckPublishInstanceStatus(null));
      case null, default -> {
        // Acks of our heartbeats, and what a newer agent may tell.
      }
    }
  }

  /** One that has left needs none, and what else it said is still to be heard. */
  private void acknowledge(AgentMessage ack) {
    try {
      outbox.send(ack);
    } catch (IOException _) {
      // The socket says so itself, after its last word.
    }
  }

  /** Of tasks that are on this instance alone. */
  private void use(PublishMetricsRequest request) {
    Set<String> here =
        tools.state().read(view -> Tasks.on(view, instance)).stream()
            .filter(Task::live)
            .map(task -> task.key().arn().toString())
            .collect(Collectors.toSet());
    tools.usage().take(request, here::contains, tools.clock().instant());
  }

  void health(PublishHealthRequest request) {
    tools
        .state()
        .own(
            Urgency.VITAL,
            tx -> {
              for (Task task : Tasks.on(tx, instance)) {
                Task next = task;
                for (PublishHealthRequest.TaskHealth told : request.tasks()) {
                  if (told.taskArn().equals(task.key().arn().toString())) {
                    for (PublishHealthRequest.ContainerHealth one : told.containers()) {
                      String status = one.healthStatus();
                      if (status != null && HEALTH.contains(status)) {
                        next = TaskTransitions.health(next, one.containerName(), status);
                      }
                    }
                  }
                }
                tools.tasks().put(tx, task, next, tools.clock().instant());
              }
              return null;
            });
  }
}
