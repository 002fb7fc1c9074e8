// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.agent.task.ContainerState;
import dev.holdfast.agent.task.TaskRunner;
import dev.holdfast.aws.agent.HostInstancesMessage;
import dev.holdfast.aws.agent.PublishHealthRequest;
import dev.holdfast.aws.agent.PublishHealthRequest.ContainerHealth;
import dev.holdfast.aws.agent.PublishHealthRequest.Metadata;
import dev.holdfast.aws.agent.PublishHealthRequest.TaskHealth;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The TACS stream of one container instance: open while there is health to tell. */
final class HealthStream implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(HealthStream.class.getName());

  private final PlatformLink link;
  private final HostInstancesMessage.Instance instance;
  private final Semaphore news = new Semaphore(0);
  private volatile boolean closed;
  private @Nullable PlatformSocket socket;

  HealthStream(PlatformLink link, HostInstancesMessage.Instance instance) {
    this.link = link;
    this.instance = instance;
  }

  void start() {
    Thread.ofVirtual().name("tacs").start(this::publish);
  }

  /** Says that the health of some container may have changed. */
  void changed() {
    news.release();
  }

  private void publish() {
    var backoff = new Backoff();
    while (true) {
      news.acquireUninterruptibly();
      news.drainPermits();
      if (closed) {
        break;
      }
      List<TaskHealth> tasks = health();
      if (tasks.isEmpty()) {
        continue;
      }
      try {
        open()
            .send(
                new PublishHealthRequest(
                    new Metadata(
                        instance.clusterArn(), instance.containerInstanceArn(), "health", true),
                    tasks));
        backoff.reset();
      } catch (IOException e) {
        LOG.log(Level.WARNING, "health is told later: {0}", e.getMessage());
        drop();
        backoff.pause();
        news.release();
      }
    }
    drop();
  }

  private PlatformSocket open() throws IOException {
    PlatformSocket known = socket;
    if (known != null && !known.drain()) {
      return known;
    }
    drop();
    var uri =
        link.uri(
            "/tacs/ws",
            Map.of(
                "containerInstance", instance.containerInstanceArn(),
                "cluster", instance.clusterArn(),
                "agentVersion", link.agentVersion(),
                "agentHash", "holdfast",
                "dockerVersion", link.dockerVersion()));
    PlatformSocket opened =
        PlatformSocket.connect(link.http(), uri, link.identity(), instance.region());
    socket = opened;
    return opened;
  }

  private void drop() {
    PlatformSocket known = socket;
    if (known != null) {
      known.close();
    }
    socket = null;
  }

  private List<TaskHealth> health() {
    var tasks = new ArrayList<TaskHealth>();
    for (TaskRunner runner : link.tasks().all()) {
      if (!runner.instanceArn().equals(instance.containerInstanceArn())) {
        continue;
      }
      var containers = new ArrayList<ContainerHealth>();
      runner
          .state()
          .containers()
          .forEach(
              (name, state) -> {
                if (state.health() != null) {
                  containers.add(of(name, state));
                }
              });
      if (!containers.isEmpty()) {
        tasks.add(
            new TaskHealth(
                runner.task().arn(),
                runner.task().taskClusterArn(),
                runner.task().family(),
                runner.task().version(),
                List.copyOf(containers)));
      }
    }
    return List.copyOf(tasks);
  }

  private static ContainerHealth of(String name, ContainerState state) {
    String health = state.health();
    String status =
        switch (health == null ? "" : health) {
          case "healthy" -> "HEALTHY";
          case "unhealthy" -> "UNHEALTHY";
          default -> "UNKNOWN";
        };
    Instant since = state.healthSince();
    return new ContainerHealth(name, status, since == null ? null : since.toEpochMilli() / 1e3);
  }

  @Override
  public void close() {
    closed = true;
    news.release();
  }
}
