// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import org.eclipse.jetty.io.Connection;

/**
 * What is known of one connection. The request's own thread writes, the {@link Watch} reads; what
 * it reads may be a moment old, which is no harm over seconds.
 */
final class Visit {
  private final Connection connection;
  private final long opened;

  /** Bytes that had come when the last request was answered: more means that the next has begun. */
  private volatile long settled;

  private volatile boolean serving;

  /** When the wait that goes on began, or 0; how long earlier ones of this request were; bytes. */
  private volatile long waitingSince;

  private volatile long waited;
  private volatile long moved;

  /** When a head that is not at its end was first seen; the watch's own. */
  private long headSince;

  Visit(Connection connection, long opened) {
    this.connection = connection;
    this.opened = opened;
  }

  void begin() {
    waited = 0;
    moved = 0;
    serving = true;
  }

  void end() {
    waitingSince = 0;
    settled = connection.getBytesIn();
    serving = false;
  }

  /** From now on the client is waited for. */
  void await() {
    waitingSince = nanos();
  }

  /** The client has sent or taken {@code bytes}. */
  void moved(long bytes) {
    long before = waited;
    long sum = moved;
    waited = before + nanos() - waitingSince;
    moved = sum + bytes;
    waitingSince = 0;
  }

  boolean serving() {
    return serving;
  }

  /** Never 0, which means that nobody waits. */
  private static long nanos() {
    return System.nanoTime() | 1;
  }

  /** Whether the connection is to be closed now. */
  boolean exhausts(Patience patience, long now) {
    if (serving) {
      headSince = 0;
      long since = waitingSince;
      long waiting = since == 0 ? 0 : now - since;
      return since != 0 && patience.exceeded(waited + waiting, waiting, moved);
    }
    long came = connection.getBytesIn();
    if (came == settled) {
      headSince = 0;
      return came == 0 && now - opened > patience.head().toNanos();
    }
    if (headSince == 0) {
      headSince = now;
    }
    return now - headSince > patience.head().toNanos();
  }

  void close() {
    connection.getEndPoint().close();
  }

  boolean open() {
    return connection.getEndPoint().isOpen();
  }
}
