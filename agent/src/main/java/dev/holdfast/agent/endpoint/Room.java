// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.endpoint;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A number of places, of which nobody waits long for one: what one task, or all of them, may have
 * under way in the agent's small memory.
 */
final class Room {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Places that were taken; closing gives them back. */
  interface Taken extends AutoCloseable {
    @Override
    void close();
  }

  private final int size;
  private final Semaphore places;

  Room(int size) {
    this.size = size;
    this.places = new Semaphore(size, true);
  }

  /** Takes places, at most all there are; null where they do not become free soon. */
  @Nullable Taken take(int wanted) throws InterruptedIOException {
    int count = Math.min(wanted, size);
    if (count == 0) {
      return () -> {}; // who wants none waits behind nobody
    }
    try {
      if (!places.tryAcquire(count, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        return null;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a place");
    }
    return () -> places.release(count);
  }
}
