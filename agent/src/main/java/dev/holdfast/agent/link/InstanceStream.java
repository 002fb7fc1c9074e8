// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.agent.task.TaskRunner;
import dev.holdfast.agent.task.Tasks;
import dev.holdfast.aws.agent.AckRequest;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.HeartbeatAckRequest;
import dev.holdfast.aws.agent.HeartbeatMessage;
import dev.holdfast.aws.agent.HostInstancesMessage;
import dev.holdfast.aws.agent.IAMRoleCredentialsAckRequest;
import dev.holdfast.aws.agent.IAMRoleCredentialsMessage;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.aws.agent.TaskIdentity;
import dev.holdfast.aws.agent.TaskManifestMessage;
import dev.holdfast.aws.agent.TaskStopVerificationAck;
import dev.holdfast.aws.agent.TaskStopVerificationMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The ACS stream of one container instance, kept open until it is closed. */
final class InstanceStream implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(InstanceStream.class.getName());
  private static final Duration SILENCE = Duration.ofSeconds(90);
  private static final Duration LOST = Duration.ofSeconds(10);

  private final PlatformLink link;
  private final HostInstancesMessage.Instance instance;
  private final HealthStream health;
  private volatile boolean closed;
  private volatile @Nullable PlatformSocket socket;
  private boolean credentialsWanted = true;
  private long lastTimeline = -1;
  private String lastManifest = "";

  InstanceStream(PlatformLink link, HostInstancesMessage.Instance instance, HealthStream health) {
    this.link = link;
    this.instance = instance;
    this.health = health;
  }

  void start() {
    Thread.ofVirtual().name("acs").start(this::keepOpen);
  }

  HealthStream health() {
    return health;
  }

  private void keepOpen() {
    var backoff = new Backoff();
    while (!closed) {
      try (PlatformSocket opened =
          PlatformSocket.connect(link.http(), uri(), link.identity(), instance.region())) {
        socket = opened;
        backoff.reset();
        credentialsWanted = false;
        health.changed();
        while (!closed) {
          handle(opened, opened.receive(SILENCE));
        }
      } catch (IOException e) {
        if (!closed) {
          LOG.log(
              Level.WARNING,
              "stream of {0}: {1}",
              new Object[] {instance.containerInstanceArn(), e.getMessage()});
        }
      } catch (RuntimeException e) {
        LOG.log(Level.SEVERE, "stream of " + instance.containerInstanceArn(), e);
      }
      if (!closed) {
        backoff.pause();
      }
    }
  }

  private java.net.URI uri() {
    return link.uri(
        "/acs/ws",
        Map.of(
            "containerInstanceArn",
            instance.containerInstanceArn(),
            "clusterArn",
            instance.clusterArn(),
            "agentVersion",
            link.agentVersion(),
            "agentHash",
            "holdfast",
            "dockerVersion",
            "DockerVersion: " + link.dockerVersion(),
            "grants",
            String.join(",", link.tasks().grants()),
            "protocolVersion",
            "2",
            "seqNum",
            "1",
            "sendCredentials",
            Boolean.toString(credentialsWanted)));
  }

  private void handle(PlatformSocket to, AgentMessage message) throws IOException {
    switch (message) {
      case HeartbeatMessage beat -> to.send(new HeartbeatAckRequest(beat.messageId()));
      case PayloadMessage payload -> payload(to, payload);
      case IAMRoleCredentialsMessage renewal -> renew(to, renewal);
      case TaskManifestMessage manifest -> manifest(to, manifest);
      case TaskStopVerificationAck ack -> {
        if (ack.messageId().equals(lastManifest)) {
          ack.stopTasks().forEach(t -> link.tasks().stop(t.taskArn(), t.taskClusterArn()));
        }
      }
      default -> {}
    }
  }

  private void payload(PlatformSocket to, PayloadMessage payload) throws IOException {
    for (PayloadTask task : payload.tasks()) {
      if (task.desiredStatus().equals("STOPPED")) {
        link.tasks().stop(task.arn(), task.taskClusterArn());
      } else {
        link.tasks().run(task, instance.containerInstanceArn());
      }
    }
    to.send(
        new AckRequest(payload.clusterArn(), payload.containerInstanceArn(), payload.messageId()));
    for (PayloadTask task : payload.tasks()) {
      acknowledge(to, payload.messageId(), task.roleCredentials());
      acknowledge(to, payload.messageId(), task.executionRoleCredentials());
    }
  }

  private void renew(PlatformSocket to, IAMRoleCredentialsMessage message) throws IOException {
    String arn = message.taskArn();
    boolean ours = owned(link.tasks()).containsKey(arn);
    if (ours && link.tasks().renew(arn, message.roleType(), message.roleCredentials())) {
      acknowledge(to, message.messageId(), message.roleCredentials());
    }
  }

  private static void acknowledge(
      PlatformSocket to, String messageId, @Nullable RoleCredentials credentials)
      throws IOException {
    if (credentials != null) {
      to.send(
          new IAMRoleCredentialsAckRequest(
              messageId, credentials.expiration(), credentials.credentialsId()));
    }
  }

  private void manifest(PlatformSocket to, TaskManifestMessage manifest) throws IOException {
    if (manifest.timeline() <= lastTimeline) {
      return;
    }
    lastTimeline = manifest.timeline();
    lastManifest = manifest.messageId();
    to.send(
        new AckRequest(
            manifest.clusterArn(), manifest.containerInstanceArn(), manifest.messageId()));
    Set<String> running =
        manifest.tasks().stream()
            .filter(t -> "RUNNING".equals(t.desiredStatus()))
            .map(TaskIdentity::taskArn)
            .collect(Collectors.toSet());
    Map<String, TaskRunner> known = owned(link.tasks());
    List<TaskIdentity> candidates =
        known.values().stream()
            .filter(r -> !running.contains(r.task().arn()) && !r.state().stopped())
            .map(r -> new TaskIdentity(r.task().arn(), r.task().taskClusterArn(), "STOPPED"))
            .toList();
    if (!candidates.isEmpty()) {
      to.send(new TaskStopVerificationMessage(manifest.messageId(), candidates));
    }
    List<TaskIdentity> unknown =
        manifest.tasks().stream()
            .filter(t -> running.contains(t.taskArn()) && !known.containsKey(t.taskArn()))
            .toList();
    if (!unknown.isEmpty()) {
      Thread.ofVirtual().name("lost-tasks").start(() -> reportLost(unknown));
    }
  }

  /** Tasks that should run here and of which nothing is left, unless their payload still comes. */
  private void reportLost(List<TaskIdentity> tasks) {
    LockSupport.parkNanos(LOST.toNanos());
    for (TaskIdentity task : tasks) {
      if (!closed && link.tasks().find(task.taskArn()) == null) {
        link.tasks()
            .reportLost(
                task.taskArn(),
                task.taskClusterArn() == null ? instance.clusterArn() : task.taskClusterArn(),
                "TaskStateError: the containers of the task are gone");
      }
    }
  }

  private Map<String, TaskRunner> owned(Tasks tasks) {
    var owned = new HashMap<String, TaskRunner>();
    for (TaskRunner runner : tasks.all()) {
      if (runner.instanceArn().equals(instance.containerInstanceArn())) {
        owned.put(runner.task().arn(), runner);
      }
    }
    return owned;
  }

  @Override
  public void close() {
    closed = true;
    PlatformSocket open = socket;
    if (open != null) {
      open.close();
    }
    health.close();
  }
}
