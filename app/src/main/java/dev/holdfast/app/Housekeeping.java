// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.store.StoreFull;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Does the platform's recurring chores, one after another on a thread of their own. One that fails
 * is logged and comes again at its next time; it keeps none of the others.
 */
final class Housekeeping implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("housekeeping");
  private static final Duration BEAT = Duration.ofSeconds(10);

  /** After a start, so that a platform which never runs for long does these too. */
  private static final Duration SOON = Duration.ofMinutes(1);

  /** What a chore does. */
  interface Work {
    void run(Instant now) throws Exception;
  }

  /**
   * A recurring piece of work.
   *
   * @param first how long after the start it is done for the first time
   */
  record Chore(String name, Duration first, Duration every, Work work) {
    static Chore soonAndHourly(String name, Work work) {
      return new Chore(name, SOON, Duration.ofHours(1), work);
    }

    static Chore soonAndDaily(String name, Work work) {
      return new Chore(name, SOON, Duration.ofDays(1), work);
    }

    static Chore hourly(String name, Work work) {
      return new Chore(name, Duration.ofHours(1), Duration.ofHours(1), work);
    }

    static Chore daily(String name, Work work) {
      return new Chore(name, Duration.ofHours(1), Duration.ofDays(1), work);
    }
  }

  /** When a chore is due, by the monotonic clock: no leap of the other one brings or delays it. */
  private record Due(Chore chore, long nanos) {}

  private final InstantSource settled;
  private final LongSupplier nanos;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Guards {@code due}, and is held while chores are done. */
  private final ReentrantLock lock = new ReentrantLock();

  private final List<Due> due = new ArrayList<>();
  private final Thread thread = Thread.ofVirtual().name("housekeeping").unstarted(this::run);

  /**
   * Chores to be done.
   *
   * @param settled the time that chores are told, by which they give up things for good
   * @param nanos monotonic, as {@link System#nanoTime}
   */
  Housekeeping(List<Chore> chores, InstantSource settled, LongSupplier nanos) {
    this.settled = settled;
    this.nanos = nanos;
    long now = nanos.getAsLong();
    chores.forEach(chore -> due.add(new Due(chore, now + chore.first().toNanos())));
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed.await(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
        beat();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does every chore now, due or not. */
  void all() {
    lock.lock();
    try {
      due.forEach(next -> run(next.chore(), settled.instant()));
    } finally {
      lock.unlock();
    }
  }

  /** Does what is due now. */
  void beat() {
    lock.lock();
    try {
      long now = nanos.getAsLong();
      Instant time = settled.instant();
      for (int i = 0; i < due.size() && closed.getCount() > 0; i++) {
        Due next = due.get(i);
        if (now - next.nanos() >= 0) {
          due.set(i, new Due(next.chore(), now + next.chore().every().toNanos()));
          run(next.chore(), time);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("CatchingUnchecked") // whatever one chore throws, the others go on
  private static void run(Chore chore, Instant now) {
    try {
      chore.work().run(now);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (StoreFull _) {
      LOG.log(Level.WARNING, "the chore `" + chore.name() + "` waits for space; it comes again");
    } catch (Exception e) {
      LOG.log(Level.ERROR, "the chore `" + chore.name() + "` failed; it comes again", e);
    }
  }

  /** Lets the chore at hand finish for a second, and begins no other. */
  @Override
  public void close() {
    closed.countDown();
    try {
      if (thread.isAlive() && !thread.join(Duration.ofSeconds(1))) {
        LOG.log(Level.WARNING, "a chore still ran at the end");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
