// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.endpoint;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What one task may ask of the agent at once. A task that asks for more waits for itself; what all
 * tasks share, the engine's connections and the memory for large bodies, it takes a small part of.
 */
final class TaskGate {
  private static final int REQUESTS = 16;
  private static final int PART = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What all tasks share. */
  static final class Common {
    private final Semaphore engine = new Semaphore(16, true);
    private final Semaphore large = new Semaphore(16, true);
  }

  /** A place that was taken; closing it gives it back. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  private final Common common;
  private final Semaphore requests = new Semaphore(REQUESTS, true);
  private final Semaphore engine = new Semaphore(PART, true);
  private final Semaphore large = new Semaphore(PART, true);

  TaskGate(Common common) {
    this.common = common;
  }

  /** A place for a request, or empty where the task has too many that go on. */
  Optional<Place> request() throws InterruptedIOException {
    return take(requests);
  }

  /** A place for what asks the container engine. */
  Optional<Place> engine() throws InterruptedIOException {
    return both(engine, common.engine);
  }

  /** A place for a large body. */
  Optional<Place> large() throws InterruptedIOException {
    return both(large, common.large);
  }

  private static Optional<Place> both(Semaphore own, Semaphore common)
      throws InterruptedIOException {
    Place first = take(own).orElse(null);
    if (first == null) {
      return Optional.empty();
    }
    Place second = take(common).orElse(null);
    if (second == null) {
      first.close();
      return Optional.empty();
    }
    return Optional.of(
        () -> {
          second.close();
          first.close();
        });
  }

  private static Optional<Place> take(Semaphore places) throws InterruptedIOException {
    try {
      return places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          ? Optional.of(places::release)
          : Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a place");
    }
  }
}
