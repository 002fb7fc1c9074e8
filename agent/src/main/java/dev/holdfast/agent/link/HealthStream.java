// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.agent.task.ContainerState;
import dev.holdfast.agent.task.TaskRunner;
import dev.holdfast.aws.agent.HostInstancesMessage;
import dev.holdfast.aws.agent.PublishHealthRequest;
import dev.holdfast.aws.agent.PublishHealthRequest.ContainerHealth;
import dev.holdfast.aws.agent.PublishHealthRequest.Metadata;
import dev.holdfast.aws.agent.PublishHealthRequest.TaskHealth;
import dev.holdfast.aws.agent.PublishMetricsRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The TACS stream of one container instance: open while there is health to tell, or what containers
 * use.
 */
final class HealthStream implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(HealthStream.class.getName());

  private final PlatformLink link;
  private final HostInstancesMessage.Instance instance;
  private static final Duration METERED = Duration.ofSeconds(10);

  private final Semaphore news = new Semaphore(0);
  private final UseMeter meter;
  private volatile boolean closed;
  private long due = System.nanoTime() + METERED.toNanos();
  private @Nullable PlatformSocket socket;

  HealthStream(PlatformLink link, HostInstancesMessage.Instance instance) {
    this.link = link;
    this.instance = instance;
    this.meter = new UseMeter(link.containers());
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
      boolean changed = awaitNews();
      if (closed) {
        break;
      }
      List<TaskHealth> tasks = changed ? health() : List.of();
      List<PublishMetricsRequest> use = changed ? List.of() : use();
      if (tasks.isEmpty() && use.isEmpty()) {
        continue;
      }
      try {
        if (!tasks.isEmpty()) {
          open()
              .send(
                  new PublishHealthRequest(
                      new Metadata(
                          instance.clusterArn(), instance.containerInstanceArn(), "health", true),
                      tasks));
        }
        for (PublishMetricsRequest message : use) {
          open().send(message);
        }
        backoff.reset();
      } catch (IOException e) {
        LOG.log(Level.WARNING, "health is told later: {0}", e.getMessage());
        drop();
        backoff.pause();
        if (changed) {
          news.release(); // what was used by then says nothing later
        }
      }
    }
    drop();
  }

  /** False where it is time to read what containers use. */
  private boolean awaitNews() {
    try {
      long left = due - System.nanoTime();
      boolean changed = left > 0 && news.tryAcquire(left, TimeUnit.NANOSECONDS);
      if (!changed) {
        due = System.nanoTime() + METERED.toNanos();
        return false;
      }
      news.drainPermits();
      return changed;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      closed = true;
      return true;
    }
  }

  private List<PublishMetricsRequest> use() {
    return meter.read(
        link.tasks().all().stream()
            .filter(r -> r.instanceArn().equals(instance.containerInstanceArn()))
            .toList(),
        instance.clusterArn(),
        instance.containerInstanceArn());
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
