// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.agent.task.TaskRunner;
import dev.holdfast.aws.agent.HeartbeatAckRequest;
import dev.holdfast.aws.agent.HeartbeatMessage;
import dev.holdfast.aws.agent.HostExecuteCommandMessage;
import dev.holdfast.aws.agent.HostInstancesMessage;
import dev.holdfast.aws.agent.HostInstancesMessage.Instance;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The stream that names the container instances which this host serves; each gets a stream of its
 * own. What is not named any more is removed, but only while this stream is open.
 */
final class HostStream implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(HostStream.class.getName());
  private static final Duration SILENCE = Duration.ofSeconds(90);
  private static final Duration STOP = Duration.ofMinutes(3);

  private final PlatformLink link;
  private final String region;
  private final Map<String, InstanceStream> instances = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private volatile @Nullable PlatformSocket socket;

  HostStream(PlatformLink link, String region) {
    this.link = link;
    this.region = region;
  }

  void start() {
    Thread.ofVirtual().name("host-stream").start(this::keepOpen);
  }

  /** Says that the health of a container of that task may have changed. */
  void healthChanged(String taskArn) {
    TaskRunner runner = link.tasks().find(taskArn);
    InstanceStream stream = runner == null ? null : instances.get(runner.instanceArn());
    if (stream != null) {
      stream.health().changed();
    }
  }

  private void keepOpen() {
    var backoff = new Backoff();
    while (!closed) {
      var query =
          Map.of(
              "agentVersion", link.agentVersion(),
              "dockerVersion", link.dockerVersion(),
              "grants", String.join(",", link.tasks().grants()),
              "sendCredentials", "true");
      try (PlatformSocket opened =
          PlatformSocket.connect(
              link.http(), link.uri("/acs/host", query), link.identity(), region)) {
        socket = opened;
        backoff.reset();
        link.status().accept("");
        listen(opened);
      } catch (IOException e) {
        if (!closed) {
          LOG.log(Level.WARNING, "host stream: {0}", e.getMessage());
          link.status().accept("the agent has no stream to the platform: " + e.getMessage());
        }
      }
      if (!closed) {
        backoff.pause();
      }
    }
  }

  private void listen(PlatformSocket opened) throws IOException {
    while (!closed) {
      switch (opened.receive(SILENCE)) {
        case HeartbeatMessage beat -> opened.send(new HeartbeatAckRequest(beat.messageId()));
        case HostInstancesMessage named -> serve(named.instances());
        case HostExecuteCommandMessage command -> ExecStream.start(link, region, command);
        default -> {}
      }
    }
  }

  private void serve(List<Instance> named) {
    Set<String> arns =
        named.stream().map(Instance::containerInstanceArn).collect(Collectors.toSet());
    for (Instance instance : named) {
      instances.computeIfAbsent(
          instance.containerInstanceArn(),
          arn -> {
            var health = new HealthStream(link, instance);
            health.start();
            var stream = new InstanceStream(link, instance, health);
            stream.start();
            return stream;
          });
    }
    instances
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !arns.contains(entry.getKey());
              if (gone) {
                entry.getValue().close();
              }
              return gone;
            });
    List<TaskRunner> orphans =
        link.tasks().all().stream().filter(r -> !arns.contains(r.instanceArn())).toList();
    if (!orphans.isEmpty()) {
      Thread.ofVirtual().name("orphans").start(() -> discard(orphans));
    }
  }

  private void discard(List<TaskRunner> orphans) {
    try {
      link.tasks().discard(orphans, STOP);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    PlatformSocket open = socket;
    if (open != null) {
      open.close();
    }
    instances.values().forEach(InstanceStream::close);
  }
}
