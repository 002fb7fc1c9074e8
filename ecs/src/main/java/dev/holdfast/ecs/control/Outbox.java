// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.HeartbeatMessage;
import dev.holdfast.http.WebSocketConnection;
import dev.holdfast.kit.Ids;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Sends on a stream, one message at a time, and keeps its heart beating.
 *
 * <p>The lock guards the socket: the thread that reads answers, and the one that watches tells.
 */
final class Outbox {
  static final Duration BEAT = Duration.ofSeconds(30);

  /** How long a peer may be silent, three heartbeats in all, before its stream counts as ended. */
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private final WebSocketConnection socket;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Instant beaten = Instant.EPOCH;
  private volatile Instant heard;

  Outbox(WebSocketConnection socket, InstantSource clock, RandomGenerator random) {
    this.socket = socket;
    this.clock = clock;
    this.random = random;
    this.heard = clock.instant();
  }

  void send(AgentMessage message) throws IOException {
    lock.lock();
    try {
      socket.send(AgentFrame.text(message));
    } finally {
      lock.unlock();
    }
  }

  String messageId() {
    return Ids.uuid(random);
  }

  /** Sends a heartbeat where one is due. */
  void beat() throws IOException {
    Instant now = clock.instant();
    if (!now.isBefore(beaten.plus(BEAT))) {
      beaten = now;
      send(new HeartbeatMessage(messageId(), true));
    }
  }

  void heard() {
    heard = clock.instant();
  }

  boolean silent() {
    return !clock.instant().isBefore(heard.plus(PATIENCE));
  }

  Instant lastHeard() {
    return heard;
  }
}
