// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.HeartbeatMessage;
import dev.holdfast.http.WebSocketConnection;
import dev.holdfast.kit.Ids;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Sends on a stream, one message at a time, and keeps its heart beating.
 *
 * <p>Both are counted by the monotonic clock: no leap of the wall clock makes a peer silent, or
 * keeps it without heartbeats. The lock guards the socket: the thread that reads answers, and the
 * one that watches tells.
 */
final class Outbox {
  static final Duration BEAT = Duration.ofSeconds(30);

  /** How long a peer may be silent, three heartbeats in all, before its stream counts as ended. */
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private final WebSocketConnection socket;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile long beaten;
  private volatile long heard;

  /**
   * An outbox; its first heartbeat is due.
   *
   * @param nanos monotonic, as {@link System#nanoTime}
   */
  Outbox(WebSocketConnection socket, LongSupplier nanos, RandomGenerator random) {
    this.socket = socket;
    this.nanos = nanos;
    this.random = random;
    this.heard = nanos.getAsLong();
    this.beaten = heard - BEAT.toNanos();
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

  /** Sends a heartbeat where one is due; whether it was. */
  boolean beat() throws IOException {
    long now = nanos.getAsLong();
    if (now - beaten < BEAT.toNanos()) {
      return false;
    }
    beaten = now;
    send(new HeartbeatMessage(messageId(), true));
    return true;
  }

  void heard() {
    heard = nanos.getAsLong();
  }

  boolean silent() {
    return nanos.getAsLong() - heard >= PATIENCE.toNanos();
  }

  /** When the peer was heard last, in nanoseconds of the monotonic clock. */
  long lastHeard() {
    return heard;
  }
}
