// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.events;

import dev.holdfast.app.events.Webhook.Position;
import dev.holdfast.ecs.control.Journal;
import dev.holdfast.ecs.model.JournalEvent;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.Printable;
import dev.holdfast.service.State;
import dev.holdfast.store.StoreFull;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.Table;
import dev.holdfast.store.space.Urgency;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the operator's receiver what happened: every event of the journal, in order, at least once,
 * on a thread of its own that nothing waits for. An event that is not taken is tried again, with
 * longer and longer pauses, and is given up a day after it happened; how far the telling is
 * survives a restart.
 */
public final class Teller implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("webhook");

  /** After so long an event that is not taken is given up. */
  static final Duration PATIENCE = Duration.ofHours(24);

  /** Behind by so many events, or so long, is worth a word. */
  private static final int BEHIND = 100;

  private static final Duration LATE = Duration.ofMinutes(1);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofSeconds(10);
  private static final int PAGE = 64;
  private static final int LONGEST_WHY = 200;

  private final Ground ground;
  private final Journal journal;
  private final Delivery delivery;
  private final Duration firstPause;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean open = true;
  private long changes;

  /** What is wrong now, or null. */
  private final AtomicReference<@Nullable Trouble> trouble = new AtomicReference<>();

  /**
   * What the teller stands on.
   *
   * @param epoch names the present epoch of the installation
   */
  public record Ground(State state, InstantSource clock, Supplier<String> epoch) {}

  private record Trouble(Instant since, int tries, String why) {}

  public Teller(Ground ground, Journal journal) {
    this(ground, journal, new Delivery(Duration.ofSeconds(10)), FIRST_PAUSE);
  }

  Teller(Ground ground, Journal journal, Delivery delivery, Duration firstPause) {
    this.ground = ground;
    this.journal = journal;
    this.delivery = delivery;
    this.firstPause = firstPause;
    this.thread = Thread.ofVirtual().name("webhook").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** The receiver was set or removed: whatever is being waited for is not waited for. */
  void changed() {
    lock.lock();
    try {
      changes++;
      trouble.set(null);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isOpen() {
    lock.lock();
    try {
      return open;
    } finally {
      lock.unlock();
    }
  }

  private long changes() {
    lock.lock();
    try {
      return changes;
    } finally {
      lock.unlock();
    }
  }

  /** Waits so long, or until the receiver is another or the platform ends. */
  private void pause(Duration time, long since) {
    lock.lock();
    try {
      long left = time.toNanos();
      while (left > 0 && open && changes == since) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (isOpen() && !Thread.currentThread().isInterrupted()) {
      long since = changes();
      try {
        @Nullable Webhook hook = ground.state().read(view -> Webhook.of(view));
        if (hook == null || !hook.epoch().equals(ground.epoch().get())) {
          pause(LOOK, since);
        } else {
          tell(hook, since);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      } catch (StoreUnavailable e) {
        if (!(e instanceof StoreFull)) {
          return;
        }
        pause(LOOK, since);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "the telling of events failed", e);
        pause(LOOK, since);
      }
    }
  }

  /** Tells what there is, or waits a while for more. */
  private void tell(Webhook hook, long since) throws InterruptedException {
    Position at = position();
    Journal.Page page = journal.read(at.number(), _ -> true, PAGE);
    if (page.gap()) {
      long first = page.events().isEmpty() ? page.next() : page.events().getFirst().number() - 1;
      long lost = first - at.number();
      if (lost != 0) { // else they are missing among the events, and counted there
        at = kept(hook, new Position(first, at.givenUp() + Math.max(1, lost)));
      }
    }
    if (page.events().isEmpty()) {
      if (page.next() != at.number()) {
        kept(hook, new Position(page.next(), at.givenUp()));
      }
      boolean _ = journal.await(page.next(), LOOK);
      return;
    }
    deliver(hook, page.events(), at, since);
  }

  private void deliver(Webhook hook, List<JournalEvent> events, Position from, long since) {
    Position at = from;
    Duration wait = firstPause;
    int next = 0;
    while (next < events.size() && isOpen() && changes() == since) {
      JournalEvent event = events.get(next);
      String why = attempt(hook, event);
      long forgotten = Math.max(0, event.number() - at.number() - 1); // never to be told
      if (why == null) {
        trouble.set(null);
        at = new Position(event.number(), at.givenUp() + forgotten);
        wait = firstPause;
        next++;
        continue;
      }
      at = kept(hook, at); // a long pause may be cut off by anything
      Instant now = ground.clock().instant();
      note(why, now);
      if (event.at().plus(PATIENCE).isBefore(now)) {
        at = kept(hook, new Position(event.number(), at.givenUp() + forgotten + 1));
        next++;
        continue;
      }
      pause(wait, since);
      wait =
          wait.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait.multipliedBy(2);
    }
    kept(hook, at);
  }

  /** Why an event was not taken, or null where it was. */
  private @Nullable String attempt(Webhook hook, JournalEvent event) {
    try {
      delivery.send(
          hook,
          event.number(),
          ground.clock().instant().getEpochSecond(),
          Json.bytes(event.event()));
      return null;
    } catch (IOException | Receiver.Unfit e) {
      String message = e.getMessage();
      return Printable.clipped(
          message == null ? e.getClass().getSimpleName() : message, LONGEST_WHY);
    }
  }

  private void note(String why, Instant now) {
    Trouble before = trouble.get();
    trouble.set(
        before == null
            ? new Trouble(now, 1, why)
            : new Trouble(before.since(), before.tries() + 1, why));
    if (before == null) {
      LOG.log(System.Logger.Level.WARNING, "the receiver of events does not take them: {0}", why);
    }
  }

  private Position position() {
    @Nullable Position known = ground.state().read(view -> Webhook.position(view));
    return known == null ? new Position(journal.newest(), 0) : known;
  }

  /** Keeps a position, unless the receiver was set anew meanwhile, which sets its own. */
  private Position kept(Webhook hook, Position now) {
    @Nullable Position before = ground.state().read(view -> Webhook.position(view));
    if (now.equals(before)) {
      return now;
    }
    return ground
        .state()
        .own(
            Urgency.ORDINARY,
            tx -> {
              if (hook.equals(Webhook.of(tx))) {
                tx.put(Webhook.POSITION, Table.PLATFORM, Webhook.KEY, now);
              }
              return now;
            });
  }

  /**
   * How it stands.
   *
   * @param url without path and query
   * @param behind how many events are not told yet
   * @param why what the receiver did last, where it does not take events
   */
  public record Standing(
      String url, boolean on, long told, long behind, long givenUp, @Nullable String why) {}

  /** How it stands; empty where there is no receiver. */
  public Optional<Standing> standing() {
    @Nullable Webhook hook = ground.state().read(view -> Webhook.of(view));
    if (hook == null) {
      return Optional.empty();
    }
    Position at = position();
    Trouble now = trouble.get();
    return Optional.of(
        new Standing(
            Receiver.shown(hook.url()),
            hook.epoch().equals(ground.epoch().get()),
            at.number(),
            Math.max(0, journal.newest() - at.number()),
            at.givenUp(),
            now == null ? null : now.why() + " (tries: " + now.tries() + ")"));
  }

  /** What the operator ought to know. */
  public List<String> warnings() {
    Standing now = standing().orElse(null);
    if (now == null) {
      return List.of();
    }
    if (!now.on()) {
      return List.of(
          "events are not told to "
              + Printable.line(now.url())
              + " since this installation was restored; say it again: ./holdfast webhook set URL");
    }
    Trouble wrong = trouble.get();
    Instant late = ground.clock().instant().minus(LATE);
    boolean failing = wrong != null && wrong.since().isBefore(late);
    if (!failing && now.behind() < BEHIND) {
      return List.of();
    }
    return List.of(
        "%d events are not told to %s yet%s"
                .formatted(
                    now.behind(),
                    Printable.line(now.url()),
                    now.why() == null ? "" : ": " + now.why())
            + (now.givenUp() > 0 ? "; given up: " + now.givenUp() : ""));
  }

  @Override
  public void close() {
    lock.lock();
    try {
      open = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
  }
}
