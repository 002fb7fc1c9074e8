// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.session.ChannelMessage;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * What a client typed and the host has no room for yet, oldest first. It is acknowledged when the
 * host gets it, and what finds no room here is not taken at all: the client sends it again. Not
 * thread-safe.
 */
final class TypedInput {
  /** Once so many bytes wait, nothing more is taken. */
  static final int MOST = 256 * 1024;

  /** What a message counts for beside its bytes, so that there are not too many small ones. */
  static final int OVERHEAD = 512;

  private final ArrayDeque<ChannelMessage> waiting = new ArrayDeque<>();
  private long bytes;
  private long room;
  private boolean over;

  /**
   * Nothing was typed yet.
   *
   * @param room so many bytes the host takes before it says that it took some
   */
  TypedInput(long room) {
    this.room = room;
  }

  boolean isFull() {
    return bytes >= MOST;
  }

  /** Whether the end of all input was typed, an empty message: what follows it goes nowhere. */
  boolean isOver() {
    return over;
  }

  void add(ChannelMessage message) {
    waiting.addLast(message);
    bytes += OVERHEAD + message.payload().length;
    over |= message.payload().length == 0;
  }

  boolean holds(long sequence) {
    return waiting.stream().anyMatch(message -> message.sequence() == sequence);
  }

  /** The next one for the host, where it has room; one that is larger than that goes, too. */
  Optional<ChannelMessage> next() {
    if (room <= 0 || waiting.isEmpty()) {
      return Optional.empty();
    }
    ChannelMessage next = waiting.removeFirst();
    bytes -= OVERHEAD + next.payload().length;
    room -= Math.max(1, next.payload().length);
    return Optional.of(next);
  }

  /** The command took so many bytes. */
  void taken(int count) {
    room += Math.max(0, count);
  }
}
