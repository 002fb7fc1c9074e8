// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one container that wait for being sent: bounded, for itself and together with those
 * of all others. Where it is full the reader waits, or lines are dropped, counted and told.
 */
final class Waiting {
  /** Lines are sent after so long at the latest. */
  private static final long OLD = Duration.ofSeconds(5).toNanos();

  /** So much is sent at once. */
  private static final long PLENTY = 768 * 1024;

  private final LogRoute route;
  private final AtomicLong shared;
  private final long most;
  private final LongSupplier nanos;

  /** Guards all fields below. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Line> lines = new ArrayDeque<>();
  private long size;
  private long dropped;
  private long droppedInAll;
  private Place droppedTo = Place.BEGIN;
  private boolean ended;
  private boolean drained;
  private boolean closed;

  /**
   * A place for lines.
   *
   * @param shared what the lines of all containers take
   * @param most what they may take
   */
  Waiting(LogRoute route, AtomicLong shared, long most, LongSupplier nanos) {
    this.route = route;
    this.shared = shared;
    this.most = most;
    this.nanos = nanos;
  }

  /** Takes a line, or drops it; false where nothing is taken any more. */
  boolean offer(Line line) throws InterruptedException {
    lock.lock();
    try {
      while (!closed && full(line)) {
        if (!route.blocking()) {
          dropped++;
          droppedInAll++;
          droppedTo = line.end();
          return true;
        }
        boolean _ = changed.await(1, TimeUnit.SECONDS); // others may have made room
      }
      if (dropped > 0) {
        add(
            new Line(
                line.millis(),
                "[holdfast] %d lines were dropped here: they came faster than they were taken, and max-buffer-size was reached"
                    .formatted(dropped),
                droppedTo,
                line.arrived()));
        dropped = 0;
      }
      add(line);
      changed.signalAll();
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean full(Line line) {
    return !lines.isEmpty()
        && (size + line.size() > route.buffer() || shared.get() + line.size() > most);
  }

  private void add(Line line) {
    lines.add(line);
    size += line.size();
    drained = false;
    long _ = shared.addAndGet(line.size());
  }

  /** Says that nothing more comes, or that something does again. */
  void ended(boolean now) {
    lock.lock();
    try {
      ended = now;
      drained = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is taken or given any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      long _ = shared.addAndGet(-size);
      size = 0;
      lines.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** How many lines were dropped since the beginning. */
  long droppedInAll() {
    lock.lock();
    try {
      return droppedInAll;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next batch; waits for it. Its lines stay until they are {@link #sent}.
   *
   * @param until the last place that may be in it, where it was sent before and nobody knows
   *     whether it arrived; else null
   * @return null when closed, or where nothing is left up to {@code until}
   */
  @Nullable LogBatch next(@Nullable Place until) throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        Line first = lines.peekFirst();
        if (first == null && ended) {
          if (until != null) {
            return null;
          }
          drained = true;
          changed.signalAll();
        } else if (first != null && until != null && first.end().compareTo(until) > 0) {
          return null;
        } else if (first != null && ready(first, until)) {
          boolean whole = ended || old(lines.getLast()) || size >= PLENTY || there(until);
          LogBatch batch = LogBatch.of(lines, route.start(), whole, until);
          if (batch != null) {
            return batch;
          }
        }
        boolean _ = changed.await(1, TimeUnit.SECONDS);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private boolean old(Line line) {
    return nanos.getAsLong() - line.arrived() >= OLD;
  }

  private boolean ready(Line first, @Nullable Place until) {
    return ended || there(until) || size >= Math.min(PLENTY, route.buffer() / 2) || old(first);
  }

  /** Whether all of a batch that was sent before is here again. */
  private boolean there(@Nullable Place until) {
    return until != null && lines.getLast().end().compareTo(until) >= 0;
  }

  /** The lines of a batch are where they belong; true where no others wait. */
  boolean sent(int count) {
    lock.lock();
    try {
      for (int i = 0; i < count && !lines.isEmpty(); i++) {
        long line = lines.removeFirst().size();
        size -= line;
        long _ = shared.addAndGet(-line);
      }
      changed.signalAll();
      return lines.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a while, or until closed. */
  void pause(Duration time) throws InterruptedException {
    long left = time.toNanos();
    lock.lock();
    try {
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until everything that came is sent and nothing more comes; false where it takes too long.
   */
  boolean awaitDrained(Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (!drained && !closed) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
