// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.JournalEvent;
import dev.holdfast.ecs.model.PendingEvent;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.State;
import dev.holdfast.store.Changes;
import dev.holdfast.store.CompactedException;
import dev.holdfast.store.Revision;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import dev.holdfast.store.space.Urgency;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What happened, numbered and kept for a while, so that who comes back misses nothing. Changes
 * write down what happened in their own commit; one thread numbers it. A number is never given
 * twice, and what has a number stays in its place.
 */
public final class Journal {
  private static final System.Logger LOG = System.getLogger("ecs");

  /** How many events of each account are kept, and how long. */
  public static final int MOST = 10_000;

  public static final Duration KEPT = Duration.ofDays(7);

  private static final String HEAD = "head";
  private static final int BATCH = 128;
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final State state;
  private final BiFunction<View, PendingEvent, JsonObject> wire;
  private final int most;

  /** Guards {@code newest} and {@code closed}. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition more = lock.newCondition();
  private long newest;
  private boolean closed;

  /** Held by whoever gives numbers; guards {@code kept}. */
  private final ReentrantLock numbering = new ReentrantLock();

  private @Nullable KeptNumbers kept;

  public Journal(State state, BiFunction<View, PendingEvent, JsonObject> wire) {
    this(state, wire, MOST);
  }

  Journal(State state, BiFunction<View, PendingEvent, JsonObject> wire, int most) {
    this.state = state;
    this.wire = wire;
    this.most = most;
  }

  /**
   * Some events.
   *
   * @param next to be asked after
   * @param gap whether events after the one asked after are forgotten, before these or among them
   */
  public record Page(List<JournalEvent> events, long next, boolean gap) {}

  /** Follows what happens until the platform ends. */
  void run(BooleanSupplier open) {
    while (open.getAsBoolean()) {
      try {
        follow(open);
      } catch (CompactedException e) {
        LOG.log(System.Logger.Level.DEBUG, "the watch of the journal starts anew");
      } catch (StoreUnavailable e) {
        if (open.getAsBoolean()) {
          LOG.log(System.Logger.Level.WARNING, "the journal waits: {0}", e.getMessage());
          pause();
        }
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "the journal failed", e);
        pause();
      }
    }
  }

  private void follow(BooleanSupplier open) {
    Revision from = state.read(View::revision);
    try (Changes changes = state.watch(List.of(EcsTables.PENDING_EVENTS), from)) {
      drain();
      while (open.getAsBoolean()) {
        if (!changes.next(LOOK).isEmpty()) {
          drain();
        }
      }
    }
  }

  private void pause() {
    lock.lock();
    try {
      long left = LOOK.toNanos();
      while (left > 0 && !closed) {
        left = more.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Gives everything that waits its number. */
  public void drain() {
    numbering.lock();
    try {
      KeptNumbers known = known();
      List<Waiting> page = state.read(this::page);
      while (!page.isEmpty()) {
        List<Waiting> these = page;
        // While the disk is full it waits: what happened is written down with the change itself.
        Numbered numbered = state.own(Urgency.ORDINARY, tx -> number(tx, these, known));
        known.settle(numbered.rows(), most);
        tell(numbered.last());
        page = state.read(this::page);
      }
    } finally {
      numbering.unlock();
    }
  }

  /**
   * The numbers of the events that there are. Where the journal cannot be read, what happens is
   * numbered all the same, and nothing goes for it until it can.
   */
  private KeptNumbers known() {
    if (kept == null) {
      try {
        kept = state.read(KeptNumbers::of);
      } catch (StoreUnavailable e) {
        LOG.log(System.Logger.Level.WARNING, "the journal cannot be read: {0}", e.getMessage());
        return new KeptNumbers();
      }
    }
    return kept;
  }

  private void tell(long last) {
    lock.lock();
    try {
      newest = Math.max(newest, last);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private record Waiting(PendingEvent event, JsonObject shown) {}

  private record Numbered(List<JournalEvent> rows, long last) {}

  private List<Waiting> page(View view) {
    var page =
        new ArrayList<>(
            view.list(EcsTables.PENDING_EVENTS, Table.PLATFORM, List.of(), null, BATCH));
    page.sort(
        Comparator.comparing(PendingEvent::at).thenComparingLong(event -> event.key().order()));
    return page.stream().map(event -> new Waiting(event, wire.apply(view, event))).toList();
  }

  private Numbered number(Tx tx, List<Waiting> page, KeptNumbers kept) {
    JournalEvent.Head head = head(tx);
    long last = head.last();
    var rows = new ArrayList<JournalEvent>();
    for (Waiting one : page) {
      PendingEvent event = one.event();
      if (tx.get(EcsTables.PENDING_EVENTS, Table.PLATFORM, event.key()) != null) {
        last++;
        var row = new JournalEvent(last, event.at(), event.place(), event.service(), one.shown());
        tx.put(EcsTables.JOURNAL, Table.PLATFORM, last, row);
        rows.add(row);
        tx.delete(EcsTables.PENDING_EVENTS, Table.PLATFORM, event.key());
      }
    }
    kept.excess(rows, most).forEach(old -> tx.delete(EcsTables.JOURNAL, Table.PLATFORM, old));
    tx.put(EcsTables.JOURNAL_HEAD, Table.PLATFORM, HEAD, new JournalEvent.Head(head.first(), last));
    return new Numbered(List.copyOf(rows), last);
  }

  private static JournalEvent.Head head(View view) {
    return Objects.requireNonNullElse(
        view.get(EcsTables.JOURNAL_HEAD, Table.PLATFORM, HEAD), JournalEvent.Head.NONE);
  }

  /** State of an earlier time was restored: whoever followed is told that events are missing. */
  public static void leap(Tx tx) {
    tx.put(EcsTables.JOURNAL_HEAD, Table.PLATFORM, HEAD, head(tx).leapt());
  }

  /** The number of the newest event. */
  public long newest() {
    return state.read(view -> head(view).last());
  }

  /** The number before the first event of that time or later. */
  public long before(Instant time) {
    return before(time, Instant.MAX);
  }

  /**
   * As {@link #before(Instant)}; what is later than the latest time is of a clock that was wrong.
   */
  private long before(Instant time, Instant latest) {
    return state.read(
        view -> {
          JournalEvent.Head head = head(view);
          long at = head.first() - 1;
          while (true) {
            List<JournalEvent> rows = rows(view, at);
            for (JournalEvent row : rows) {
              if (!row.at().isBefore(time) && !row.at().isAfter(latest)) {
                return row.number() - 1;
              }
              at = row.number();
            }
            if (rows.isEmpty()) {
              return head.last();
            }
          }
        });
  }

  private static List<JournalEvent> rows(View view, long after) {
    return view.list(EcsTables.JOURNAL, Table.PLATFORM, List.of(), after, BATCH);
  }

  /**
   * The events after a number, oldest first.
   *
   * @param limit how many at most, at least 1
   */
  public Page read(long after, Predicate<JournalEvent> wanted, int limit) {
    return state.read(
        view -> {
          JournalEvent.Head head = head(view);
          boolean gap = after < head.first() - 1 || after > head.last();
          long at = gap ? (after > head.last() ? head.last() : head.first() - 1) : after;
          var found = new ArrayList<JournalEvent>();
          while (found.size() < limit) {
            List<JournalEvent> rows = rows(view, at);
            if (rows.isEmpty()) {
              return new Page(
                  List.copyOf(found), Math.max(at, head.last()), gap || at < head.last());
            }
            for (JournalEvent row : rows) {
              gap |= row.number() > at + 1;
              at = row.number();
              if (wanted.test(row)) {
                found.add(row);
                if (found.size() == limit) {
                  break;
                }
              }
            }
          }
          return new Page(List.copyOf(found), at, gap);
        });
  }

  /** Waits until there is an event after a number; false where none came or the platform ends. */
  public boolean await(long after, Duration most) throws InterruptedException {
    if (newest() > after) {
      return true;
    }
    long left = most.toNanos();
    lock.lock();
    try {
      while (newest <= after && !closed) {
        if (left <= 0) {
          return false;
        }
        left = more.awaitNanos(left);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what is too old. */
  void prune(Instant now) {
    long end = before(now.minus(KEPT), now.plus(Duration.ofDays(1)));
    while (true) {
      boolean done =
          state.own(
              Urgency.VITAL,
              tx -> {
                JournalEvent.Head head = head(tx);
                if (head.first() > end) {
                  return true;
                }
                List<JournalEvent> rows = rows(tx, head.first() - 1);
                List<Long> old =
                    rows.stream().map(JournalEvent::number).filter(n -> n <= end).toList();
                old.forEach(n -> tx.delete(EcsTables.JOURNAL, Table.PLATFORM, n));
                // Behind a whole batch of old ones there may be more of them.
                long to = old.size() == BATCH ? old.getLast() : end;
                tx.put(
                    EcsTables.JOURNAL_HEAD,
                    Table.PLATFORM,
                    HEAD,
                    new JournalEvent.Head(to + 1, head.last()));
                return to >= end;
              });
      if (done) {
        return;
      }
    }
  }

  /** Forgets what happened in an account that was removed. */
  public void forget(AccountId account) {
    drain();
    numbering.lock();
    try {
      if (kept != null) {
        kept.forget(account);
      }
    } finally {
      numbering.unlock();
    }
    long after = 0;
    Page page;
    do {
      page = read(after, row -> row.place().account().equals(account), BATCH);
      after = page.next();
      List<JournalEvent> rows = page.events();
      state.own(
          Urgency.VITAL,
          tx -> {
            rows.forEach(row -> tx.delete(EcsTables.JOURNAL, Table.PLATFORM, row.number()));
            return null;
          });
    } while (!page.events().isEmpty());
  }

  /** Nobody waits any longer. */
  void close() {
    lock.lock();
    try {
      closed = true;
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
