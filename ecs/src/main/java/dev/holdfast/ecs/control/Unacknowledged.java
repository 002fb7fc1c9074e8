// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.session.ChannelMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * What was sent on a data channel and is not acknowledged yet, oldest first. Session Manager's
 * plugin drops the output that comes before it has a terminal for it, some milliseconds after the
 * handshake, and keeps what follows until that one comes again. Not thread-safe.
 *
 * @see <a href="https://github.com/aws/session-manager-plugin">Session Manager plugin</a>
 */
final class Unacknowledged {
  /**
   * So many messages are under way at once, 64 KiB: what the network takes in also where the client
   * reads nothing for a while, since its terminal is stopped.
   */
  static final int MOST = 16;

  /** As an SSM agent waits, the first time; then twice as long each time. */
  static final Duration FIRST = Duration.ofMillis(200);

  /** What was sent so often has arrived: its reader is slow, or has stopped its terminal. */
  static final int TIMES = 8;

  private final ArrayDeque<ChannelMessage> sent = new ArrayDeque<>();
  private long since;
  private Duration pause = FIRST;
  private int times;

  /**
   * Remembers a message.
   *
   * @param now monotonic nanoseconds
   */
  void sent(ChannelMessage message, long now) {
    if (sent.isEmpty()) {
      another(now);
    }
    sent.addLast(message);
  }

  /** Forgets a message; one that is not waited for changes nothing. */
  void acknowledged(long sequence, long now) {
    ChannelMessage oldest = sent.peekFirst();
    boolean _ = sent.removeIf(message -> message.sequence() == sequence);
    if (oldest != null && oldest.sequence() == sequence) {
      another(now);
    }
  }

  private void another(long now) {
    since = now;
    pause = FIRST;
    times = 0;
  }

  /** The oldest message, where it is time to send it again. */
  Optional<ChannelMessage> again(long now) {
    if (times == TIMES || now - since < pause.toNanos()) {
      return Optional.empty();
    }
    Optional<ChannelMessage> oldest = Optional.ofNullable(sent.peekFirst());
    if (oldest.isPresent()) {
      since = now;
      pause = pause.multipliedBy(2);
      times++;
    }
    return oldest;
  }

  boolean isFull() {
    return sent.size() >= MOST;
  }

  boolean isEmpty() {
    return sent.isEmpty();
  }
}
