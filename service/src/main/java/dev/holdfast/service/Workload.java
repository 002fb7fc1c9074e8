// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import java.time.Duration;

/**
 * The shares of a platform, by what work costs: calls take processor time, large ones memory too,
 * and what streams an image's bytes takes a thread and a file for as long as the client likes.
 *
 * @param strangers calls without a signature: what proves who sends them may be far away
 * @param bodies what the bodies of calls may take, whoever sends them
 */
public record Workload(
    Shares calls, Shares large, Shares streams, Shares strangers, BodyRoom bodies) {
  /** Input of more bytes is large: read as a tree it takes some ten times its size. */
  public static final int LARGE = 64 * 1024;

  private static final Duration LINGER = Duration.ofSeconds(1);

  /** For a machine of so many processors, and a heap of so many bytes at most. */
  public static Workload of(int processors, long memory) {
    int busy = 4 * processors;
    return new Workload(
        new Shares(
            new ShareRule(1024, busy, 2), 4096, Duration.ofSeconds(5), LINGER, System::nanoTime),
        new Shares(new ShareRule(4, 4, 1), 64, Duration.ofSeconds(5), LINGER, System::nanoTime),
        new Shares(
            new ShareRule(256, 256, 4), 1024, Duration.ofSeconds(30), LINGER, System::nanoTime),
        new Shares(new ShareRule(32, 32, 4), 256, Duration.ofSeconds(5), LINGER, System::nanoTime),
        new BodyRoom(memory / 4));
  }
}
