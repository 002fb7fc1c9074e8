// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.time.Duration;

/**
 * How long a server waits for its clients before it closes a connection. A client that is slow but
 * goes on is waited for: the longer, the more it has sent or taken.
 *
 * @param head from a request's first byte to the end of its headers, and from a connection's
 *     opening to its first byte
 * @param grace the waiting for a body's bytes, or for an answer's to be taken, in all that is free
 * @param pace bytes a second that must come or go over what is waited beyond
 * @param stall how long not a single byte may come or go
 * @param connections how many are open at once; beyond that the one that is idle longest is closed
 */
record Patience(Duration head, Duration grace, int pace, Duration stall, int connections) {

  /** For anybody on the network. */
  static final Patience PUBLIC =
      new Patience(
          Duration.ofSeconds(20), Duration.ofSeconds(20), 4096, Duration.ofMinutes(1), 10_000);

  /** Of as many connections as there may be open files, some being kept for other uses. */
  Patience withFiles(long files) {
    long most = Math.max(64, files * 3 / 4);
    return new Patience(head, grace, pace, stall, (int) Math.min(connections, most));
  }

  /**
   * Whether a transfer takes too long.
   *
   * @param waited nanoseconds spent waiting for the client since the transfer began
   * @param now the last of these, without a byte
   * @param bytes that came or went meanwhile
   */
  boolean exceeded(long waited, long now, long bytes) {
    return now > stall.toNanos()
        || waited > grace.toNanos() + Duration.ofSeconds(bytes / pace).toNanos();
  }
}
