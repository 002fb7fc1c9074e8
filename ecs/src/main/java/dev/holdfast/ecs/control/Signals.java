// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes streams when something of theirs may have changed. Thread-safe; a wake-up is never lost.
 */
final class Signals {
  private final ConcurrentHashMap<String, Semaphore> waiting = new ConcurrentHashMap<>();

  private Semaphore of(String stream) {
    return waiting.computeIfAbsent(stream, _ -> new Semaphore(0));
  }

  void wake(String stream) {
    of(stream).release();
  }

  void wakeAll() {
    waiting.values().forEach(Semaphore::release);
  }

  /** Waits for a wake-up, at most so long; several at once count as one. */
  void await(String stream, Duration most) throws InterruptedException {
    Semaphore semaphore = of(stream);
    if (semaphore.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS)) {
      semaphore.drainPermits();
    }
  }

  void forget(String stream) {
    waiting.remove(stream);
  }
}
