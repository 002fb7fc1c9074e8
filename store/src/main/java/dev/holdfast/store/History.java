// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The recent commits of an embedded engine, oldest first, and those who watch them.
 *
 * <p>It is bounded by events, not by time: what falls out is compacted, and a watch that still
 * needed it gets {@link CompactedException}. A watcher is woken only by commits in its ranges.
 */
public final class History implements AutoCloseable {
  private record Past(Revision revision, List<Event> events) {}

  private final int capacity;

  /** Guards all fields below and the fields of each {@code Watching}. */
  private final ReentrantLock lock = new ReentrantLock();

  private final ArrayDeque<Past> commits = new ArrayDeque<>();
  private final Set<Watching> watches = new HashSet<>();
  private int events;
  private Revision compacted;
  private Revision newest;
  private boolean closed;

  /**
   * A history that knows nothing up to {@code start}.
   *
   * @param capacity how many events are kept
   */
  public History(Revision start, int capacity) {
    this.capacity = capacity;
    this.compacted = start;
    this.newest = start;
  }

  /** Adds the next commit and wakes its watchers. */
  public void append(Revision revision, List<Event> changed) {
    lock.lock();
    try {
      commits.addLast(new Past(revision, List.copyOf(changed)));
      events += changed.size();
      newest = revision;
      while (events > capacity && commits.size() > 1) {
        Past dropped = commits.removeFirst();
        events -= dropped.events().size();
        compacted = dropped.revision();
      }
      for (Watching watch : watches) {
        watch.offer(revision, changed);
      }
    } finally {
      lock.unlock();
    }
  }

  /** What the history can say of a range. */
  public enum Answer {
    UNCHANGED,
    CHANGED,
    /** Commits since then are forgotten. */
    UNKNOWN
  }

  /** Whether a commit after {@code since} touched the range. */
  public Answer changed(KeyRange range, Revision since) {
    lock.lock();
    try {
      if (compacted.isAfter(since)) {
        return Answer.UNKNOWN;
      }
      for (Iterator<Past> i = commits.descendingIterator(); i.hasNext(); ) {
        Past past = i.next();
        if (!past.revision().isAfter(since)) {
          break;
        }
        for (Event event : past.events()) {
          if (range.contains(event.key())) {
            return Answer.CHANGED;
          }
        }
      }
      return Answer.UNCHANGED;
    } finally {
      lock.unlock();
    }
  }

  /** Starts a watch; see {@link Store#watch}. */
  public Watch watch(List<KeyRange> ranges, Revision after) {
    lock.lock();
    try {
      if (closed) {
        throw new StoreUnavailable("the store is closed");
      }
      if (compacted.isAfter(after)) {
        throw new CompactedException("commits after revision " + after.number() + " are forgotten");
      }
      var watch = new Watching(List.copyOf(ranges), after);
      watches.add(watch);
      return watch;
    } finally {
      lock.unlock();
    }
  }

  /** Ends all watches. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      for (Watching watch : watches) {
        watch.ready.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private final class Watching implements Watch {
    private final List<KeyRange> ranges;
    private final Condition ready = lock.newCondition();

    /** All commits up to this one were handed out or touch no range of ours. */
    private Revision seen;

    /** True where commits after {@code seen} may touch our ranges. */
    private boolean pending;

    Watching(List<KeyRange> ranges, Revision after) {
      this.ranges = ranges;
      this.seen = after;
      this.pending = newest.isAfter(after);
    }

    private void offer(Revision revision, List<Event> changed) {
      if (pending) {
        return;
      }
      if (revision.isAfter(seen)) {
        if (changed.stream().anyMatch(this::ours)) {
          pending = true;
          ready.signal();
        } else {
          seen = revision;
        }
      }
    }

    private boolean ours(Event event) {
      for (KeyRange range : ranges) {
        if (range.contains(event.key())) {
          return true;
        }
      }
      return false;
    }

    @Override
    public List<Event> next(Duration wait) {
      long nanos = wait.toNanos();
      lock.lock();
      try {
        while (true) {
          if (closed) {
            throw new StoreUnavailable("the store is closed");
          }
          if (!watches.contains(this)) {
            throw new IllegalStateException("the watch is closed");
          }
          List<Event> found = pending ? drain() : List.of();
          if (!found.isEmpty() || nanos <= 0) {
            return found;
          }
          nanos = ready.awaitNanos(nanos);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return List.of();
      } finally {
        lock.unlock();
      }
    }

    private List<Event> drain() {
      if (compacted.isAfter(seen)) {
        throw new CompactedException("commits after revision " + seen.number() + " are forgotten");
      }
      var missed = new ArrayDeque<Past>();
      for (Iterator<Past> i = commits.descendingIterator(); i.hasNext(); ) {
        Past past = i.next();
        if (!past.revision().isAfter(seen)) {
          break;
        }
        missed.addFirst(past);
      }
      var found = new ArrayList<Event>();
      for (Past past : missed) {
        past.events().stream().filter(this::ours).forEach(found::add);
      }
      if (newest.isAfter(seen)) {
        seen = newest;
      }
      pending = false;
      return List.copyOf(found);
    }

    @Override
    public void close() {
      lock.lock();
      try {
        watches.remove(this);
        ready.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
