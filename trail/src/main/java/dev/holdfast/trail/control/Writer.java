// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.control;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.State;
import dev.holdfast.store.NewRow;
import dev.holdfast.store.StoreFull;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.space.Urgency;
import dev.holdfast.trail.model.TrailTables;
import dev.holdfast.trail.plan.Chain;
import dev.holdfast.trail.plan.Sheets;
import dev.holdfast.trail.plan.Sheets.Written;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Writes events: a mutation's into its own commit, all others in sheets, at most 70 ms later. One
 * thread of its own drains the queue and drives the chain. What the disk has no space for waits
 * here, up to a limit; beyond it is counted, and the counts are written when there is space again.
 * So is what the store refuses for what it holds.
 */
public final class Writer implements AuditLog, AutoCloseable {
  private static final System.Logger LOG = System.getLogger("trail");
  private static final Duration BEAT = Duration.ofMillis(50);
  private static final Duration GATHER = Duration.ofMillis(20);
  private static final int QUEUE = 10_000;
  private static final int ENOUGH = 200;
  private static final int MOST_WRITTEN = 1000;

  /** How long a writer waits before it tries again what could not be written. */
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final ArrayBlockingQueue<Written> queue = new ArrayBlockingQueue<>(QUEUE);
  private final State state;
  private final Chainer chainer;
  private final InstantSource clock;
  private final Thread thread;
  private final Missed missed = new Missed();
  private final CountDownLatch closing = new CountDownLatch(1);

  /** Events that were taken from the queue and are not written yet; the thread's own. */
  private List<Written> batch = List.of();

  private volatile boolean full;

  public Writer(State state, Chainer chainer, InstantSource clock) {
    this.state = state;
    this.chainer = chainer;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("trail").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  @Override
  public void stage(Tx tx, AccountId account, Region region, AuditEvent event) {
    var row = new TrailTables.Row(region.name(), event);
    NewRow written = TrailTables.EVENTS.newRow(account, row.key(), row);
    tx.add(written);
    var pending =
        new TrailTables.Pending(account, row.key(), Chain.hash(written.value()), event.readOnly());
    tx.put(TrailTables.PENDING, Table.PLATFORM, pending, pending);
  }

  @Override
  public void append(AccountId account, Region region, AuditEvent event) {
    var item = new Written(account, region.name(), event);
    try {
      // A full queue slows callers down rather than losing what they did.
      while (!queue.offer(item, full ? 0 : BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
        if (full) { // but reads go on while the disk is full: what they did is counted
          missed.count(account, region, event);
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("interrupted while an audit event waited");
    }
  }

  private void run() {
    while (open() || !queue.isEmpty() || !batch.isEmpty()) {
      try {
        if (batch.isEmpty()) {
          batch = next();
        }
        flush();
        while (chainer.advance(clock.instant())) {
          // Goes on until nothing waits.
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        full = e instanceof StoreFull;
        if (!full) {
          LOG.log(Level.ERROR, "audit events could not be written; they wait", e);
        }
        if (!open()) {
          LOG.log(Level.ERROR, "{0} audit events are lost", batch.size() + queue.size());
          return;
        }
        if (full || e instanceof StoreUnavailable || batch.isEmpty()) {
          pause();
        } else {
          apart();
        }
      }
    }
  }

  /**
   * Writes the events of a batch one by one. One that the store never takes, for what it holds,
   * must not keep back the others and with them every call that there is: it is left out, and told.
   */
  private void apart() {
    var rest = new ArrayList<>(batch);
    batch = List.of();
    while (!rest.isEmpty()) {
      Written item = rest.removeFirst();
      try {
        write(List.of(item));
      } catch (StoreUnavailable e) {
        full = e instanceof StoreFull;
        rest.addFirst(item);
        batch = rest;
        pause();
        return;
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "the audit event " + item.id() + " cannot be kept", e);
        missed.count(item.account(), item.region(), item.source(), item.name(), item.username());
      }
    }
    batch = told();
  }

  /** What the trail is to say of events that it does not have. */
  private List<Written> told() {
    return missed.take(clock.instant()).stream()
        .map(missing -> new Written(missing.account(), missing.region().name(), missing.event()))
        .toList();
  }

  private boolean open() {
    return closing.getCount() > 0;
  }

  private void pause() {
    try {
      boolean _ = closing.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Written> next() throws InterruptedException {
    Written first = queue.poll(BEAT.toMillis(), TimeUnit.MILLISECONDS);
    if (first == null) {
      return List.of();
    }
    List<Written> taken = new ArrayList<>();
    taken.add(first);
    if (queue.size() < ENOUGH) {
      // Lets more come: a sync and a signature for a few reads would cost more than the reads did.
      boolean _ = closing.await(GATHER.toMillis(), TimeUnit.MILLISECONDS);
    }
    queue.drainTo(taken, MOST_WRITTEN - 1);
    return taken;
  }

  /** Writes the batch, and after a time of full disk what was missed meanwhile. */
  private void flush() {
    if (batch.isEmpty()) {
      return;
    }
    write(batch);
    batch = List.of();
    if (full) {
      full = false;
      batch = told();
      write(batch);
      batch = List.of();
    }
  }

  /** Writes events and chains them at once: no commit of another's is waiting for them. */
  private void write(List<Written> events) {
    if (!events.isEmpty()) {
      Instant now = clock.instant();
      List<Sheets.Ready> sheets = Sheets.of(events);
      state.own(
          Urgency.RECORD,
          tx -> {
            sheets.forEach(sheet -> tx.add(sheet.row()));
            return chainer.link(tx, now, sheets.stream().map(Sheets.Ready::entry).toList());
          });
    }
  }

  /** Writes what waits, then ends. */
  @Override
  public void close() {
    closing.countDown();
    try {
      if (!thread.join(Duration.ofSeconds(3))) {
        LOG.log(Level.WARNING, "audit events were still waiting at the end");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
