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

  private final ArrayDeque<ChannelMessage> waiting = new ArrayDeque<>();
  private long bytes;
  private long room;

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

  void add(ChannelMessage message) {
    waiting.addLast(message);
    bytes += message.payload().length;
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
    bytes -= next.payload().length;
    room -= next.payload().length;
    return Optional.of(next);
  }

  /** The command took so many bytes. */
  void taken(int count) {
    room += Math.max(0, count);
  }
}
