// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.control;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.State;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.trail.model.TrailTables;
import dev.holdfast.trail.plan.Chain;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Writes events: a mutation's into its own commit, all others in batches at most 50 ms old. One
 * thread of its own drains the queue and drives the chain.
 */
public final class Writer implements AuditLog, AutoCloseable {
  private static final System.Logger LOG = System.getLogger("trail");
  private static final Duration BEAT = Duration.ofMillis(50);
  private static final int QUEUE = 10_000;

  private record Item(AccountId account, Region region, AuditEvent event) {}

  private final ArrayBlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUE);
  private final State state;
  private final Chainer chainer;
  private final InstantSource clock;
  private final Thread thread;
  private volatile boolean closing;

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
    var pending = new TrailTables.Pending(account, row.key(), Chain.hash(row), event.readOnly());
    tx.put(TrailTables.EVENTS, account, row.key(), row);
    tx.put(TrailTables.PENDING, Table.PLATFORM, pending, pending);
  }

  @Override
  public void append(AccountId account, Region region, AuditEvent event) {
    try {
      // A full queue slows callers down rather than losing what they did.
      queue.put(new Item(account, region, event));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("interrupted while an audit event waited");
    }
  }

  private void run() {
    while (!closing || !queue.isEmpty()) {
      try {
        Item first = queue.poll(BEAT.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          flush(first);
        }
        while (chainer.advance(clock.instant())) {
          // Goes on until nothing waits.
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "audit events could not be written", e);
        if (e instanceof StoreUnavailable && closing) {
          return;
        }
      }
    }
  }

  private void flush(Item first) {
    List<Item> batch = new ArrayList<>();
    batch.add(first);
    queue.drainTo(batch, 999);
    state.own(
        tx -> {
          batch.forEach(item -> stage(tx, item.account(), item.region(), item.event()));
          return batch.size();
        });
  }

  /** Writes what waits, then ends. */
  @Override
  public void close() {
    closing = true;
    try {
      if (!thread.join(Duration.ofSeconds(3))) {
        LOG.log(Level.WARNING, "audit events were still waiting at the end");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
