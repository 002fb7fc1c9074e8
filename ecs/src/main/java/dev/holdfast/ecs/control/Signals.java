// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.Task;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Wakes streams when something of theirs may have changed. Thread-safe; a wake-up is never lost.
 */
final class Signals {
  /**
   * What a stream that was woken looks at.
   *
   * @param all whether at everything; else at some tasks alone
   */
  record Woken(boolean all, Set<Task.Key> tasks) {
    static final Woken ALL = new Woken(true, Set.of());

    Woken {
      tasks = Set.copyOf(tasks);
    }
  }

  /** What one stream was woken for since it looked last; the lock guards it. */
  private static final class Bell {
    private final Semaphore rung = new Semaphore(0);
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Task.Key> tasks = new HashSet<>();
    private boolean all;

    void ring(Task.@Nullable Key task) {
      lock.lock();
      try {
        if (task == null) {
          all = true;
        } else {
          tasks.add(task);
        }
      } finally {
        lock.unlock();
      }
      rung.release();
    }

    /** What it rang for: everything where it did not, since time alone may change something. */
    Woken await(Duration most) throws InterruptedException {
      if (!rung.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS)) {
        return Woken.ALL;
      }
      rung.drainPermits();
      lock.lock();
      try {
        var woken = new Woken(all, tasks);
        all = false;
        tasks.clear();
        return woken;
      } finally {
        lock.unlock();
      }
    }
  }

  private final ConcurrentHashMap<String, Bell> waiting = new ConcurrentHashMap<>();

  private Bell of(String stream) {
    return waiting.computeIfAbsent(stream, _ -> new Bell());
  }

  /** Has a bell for a stream from here on. */
  void expect(String stream) {
    Bell _ = of(stream);
  }

  void wake(String stream) {
    of(stream).ring(null);
  }

  /** Wakes a stream to look at a task, and at nothing else. */
  void wake(String stream, Task.Key task) {
    of(stream).ring(task);
  }

  void wakeAll() {
    waiting.values().forEach(bell -> bell.ring(null));
  }

  /** Waits for a wake-up, at most so long; several at once count as one. */
  Woken await(String stream, Duration most) throws InterruptedException {
    return of(stream).await(most);
  }

  void forget(String stream) {
    waiting.remove(stream);
  }
}
