// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.store.Commit;
import dev.holdfast.store.ConflictException;
import dev.holdfast.store.Event;
import dev.holdfast.store.Expect;
import dev.holdfast.store.History;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.RangeState;
import dev.holdfast.store.Revision;
import dev.holdfast.store.StoreFull;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.space.DiskAlarm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The one thread that commits.
 *
 * <p>A synced write holds its thread inside native code for milliseconds. On a virtual thread that
 * would hold a carrier, and with two carriers two such writes stop the whole server. So callers
 * wait here on a latch, which costs no carrier, and one platform thread takes all that wait,
 * decides each commit in turn against the state and the commits before it in the batch, writes the
 * batch with one sync, and only then answers anyone.
 *
 * <p>Where the disk is full the batch waits for what the reserve gives back, else it is refused
 * whole, and later ones are tried again. After any other failed write nobody can say what is on
 * disk, so nothing is acknowledged any more until the store is opened again.
 */
final class Committer implements AutoCloseable {
  private static final int MOST_WAITING = 10_000;
  private static final int MOST_COMMITS = 512;
  private static final long MOST_BYTES = 4L << 20;
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** RocksDB looks every five seconds whether there is space again. */
  private static final Duration RESUMES = Duration.ofSeconds(12);

  private static final Duration AGAIN = Duration.ofMillis(50);

  /** A caller and, after {@code done}, its answer. */
  private static final class Waiting {
    final Commit commit;
    final CountDownLatch done = new CountDownLatch(1);
    volatile @Nullable Revision revision;
    volatile @Nullable RuntimeException failure;

    Waiting(Commit commit) {
      this.commit = commit;
    }

    long bytes() {
      return commit.puts().values().stream().mapToLong(value -> value.length).sum();
    }

    void answer(Revision made) {
      revision = made;
      done.countDown();
    }

    void answer(RuntimeException why) {
      failure = why;
      done.countDown();
    }
  }

  /** A commit of the batch that is being made. */
  private record Made(Revision revision, List<Event> events) {}

  private final Engine engine;
  private final Engine.Writing writing;
  private final DiskAlarm alarm;
  private final History history;

  /** Guards {@code stopping} together with what enters the queue, so that nothing enters after. */
  private final ReentrantLock door = new ReentrantLock();

  private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
  private final Waiting stop = new Waiting(new Commit(List.of(), Map.of(), java.util.Set.of()));
  private final Thread thread;
  private boolean stopping;
  private volatile @Nullable StoreUnavailable broken;
  private Revision newest;

  /** The batch that the file system refused; the engine is opened anew before the next one. */
  private @Nullable List<Made> refused;

  Committer(
      Engine engine, Engine.Writing writing, DiskAlarm alarm, History history, Revision newest) {
    this.engine = engine;
    this.writing = writing;
    this.alarm = alarm;
    this.history = history;
    this.newest = newest;
    this.thread = Thread.ofPlatform().name("store-commit").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  Revision commit(Commit commit) {
    var waiting = new Waiting(commit);
    enter(waiting);
    if (!await(waiting.done)) {
      throw new StoreUnavailable("the commit took too long; its outcome is unknown");
    }
    RuntimeException failure = waiting.failure;
    Revision revision = waiting.revision;
    if (failure != null || revision == null) {
      throw failure == null ? new StoreUnavailable("no answer") : failure;
    }
    return revision;
  }

  private void enter(Waiting waiting) {
    door.lock();
    try {
      StoreUnavailable reason = broken;
      if (stopping) {
        throw new StoreUnavailable("the store is closed");
      }
      if (reason != null) {
        throw new StoreUnavailable(String.valueOf(reason.getMessage()), reason.getCause());
      }
      if (queue.size() >= MOST_WAITING) {
        throw new StoreUnavailable("too many commits are waiting");
      }
      queue.add(waiting);
    } finally {
      door.unlock();
    }
  }

  /** Refuses what waits and what comes, as after a write that failed. */
  void fail(StoreUnavailable reason) {
    door.lock();
    try {
      if (broken == null) {
        broken = reason;
      }
    } finally {
      door.unlock();
    }
  }

  /** Waits even when interrupted: the commit is under way and its outcome matters. */
  private static boolean await(CountDownLatch done) {
    long end = System.nanoTime() + ANSWER.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return done.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    boolean running = true;
    while (running) {
      var batch = new ArrayList<Waiting>();
      running = gather(batch);
      try {
        make(batch);
      } catch (StoreFull e) {
        batch.forEach(waiting -> waiting.answer(e));
      } catch (RocksDBException | RuntimeException | Error e) {
        var reason = new StoreUnavailable("a write failed: the store takes no more commits", e);
        broken = reason;
        batch.forEach(waiting -> waiting.answer(reason));
        alarm.broken(reason);
      }
    }
  }

  /** Takes what waits, up to the limits; false once the store is closing and all were taken. */
  private boolean gather(List<Waiting> batch) {
    try {
      Waiting next = queue.take();
      long bytes = 0;
      while (next != null && next != stop) {
        batch.add(next);
        bytes += next.bytes();
        next = batch.size() < MOST_COMMITS && bytes < MOST_BYTES ? queue.poll() : null;
      }
      return next != stop;
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the committing thread", e);
    }
  }

  private void make(List<Waiting> batch) throws RocksDBException {
    StoreUnavailable reason = broken;
    if (reason != null) {
      batch.forEach(waiting -> waiting.answer(reason));
      return;
    }
    if (refused != null) {
      reopen(refused);
    }
    var answers = new ArrayList<Runnable>();
    var made = new ArrayList<Made>();
    var pending = new HashMap<Key, Revision>();
    try (var writes = new WriteBatch()) {
      for (Waiting waiting : batch) {
        Commit commit = waiting.commit;
        Revision last = made.isEmpty() ? newest : made.getLast().revision();
        List<Key> leaving;
        try {
          require(commit, pending);
          leaving = leaving(commit, pending);
        } catch (ConflictException | StoreUnavailable e) {
          // What this one cannot read says nothing of the others, and nothing of it is written yet.
          answers.add(() -> waiting.answer(e));
          continue;
        }
        if (commit.isReadOnly()) {
          answers.add(() -> waiting.answer(last));
        } else {
          Made one = write(commit, leaving, last.next(), writes, pending);
          made.add(one);
          answers.add(() -> waiting.answer(one.revision()));
        }
      }
      if (!made.isEmpty()) {
        Revision last = made.getLast().revision();
        writes.put(Layout.REVISION_KEY, Layout.stored(last));
        write(writes, made);
        engine.acknowledged(last);
        engine.show();
        newest = last;
        made.forEach(one -> history.append(one.revision(), one.events()));
      }
    }
    StoreUnavailable since = broken;
    if (since != null) {
      batch.forEach(waiting -> waiting.answer(since));
      return;
    }
    // Refusals too wait for the write: they may rest on a commit of this very batch.
    answers.forEach(Runnable::run);
  }

  /**
   * Writes a batch.
   *
   * @throws StoreFull where nothing of it was kept, nor will be
   */
  private void write(WriteBatch writes, List<Made> made) throws RocksDBException {
    boolean waiting = false;
    long end = System.nanoTime();
    while (true) {
      try {
        engine.write(writing, writes);
        return;
      } catch (RocksDBException e) {
        switch (DiskFault.of(e)) {
          case BROKEN, DENIED -> throw e;
          case REFUSED -> {
            refused = List.copyOf(made);
            throw StoreFull.unsettled(
                "the file system of the platform's data directory takes no writes; try again", e);
          }
          case FULL -> {
            if (!waiting && alarm.full()) {
              waiting = true;
              end = System.nanoTime() + RESUMES.toNanos();
            }
            if (!waiting || System.nanoTime() - end >= 0) {
              throw new StoreFull(
                  "the disk of the platform's data directory is full; try again", e);
            }
          }
        }
      }
      LockSupport.parkNanos(AGAIN.toNanos());
    }
  }

  /** Opens the engine anew, and learns whether the refused batch was kept: whole, or not at all. */
  private void reopen(List<Made> before) {
    if (!engine.writable()) {
      throw new StoreFull(
          "the file system of the platform's data directory takes no writes; try again");
    }
    engine.reopen();
    Revision found = engine.revision();
    for (Made made : before) {
      if (made.revision().number() <= found.number()) {
        history.append(made.revision(), made.events());
      }
    }
    newest = found;
    refused = null;
  }

  /** Adds a commit that was decided to a batch; reads nothing. */
  private static Made write(
      Commit commit,
      List<Key> leaving,
      Revision revision,
      WriteBatch writes,
      Map<Key, Revision> pending)
      throws RocksDBException {
    var events = new ArrayList<Event>();
    for (Map.Entry<Key, byte[]> put : commit.puts().entrySet()) {
      writes.put(Layout.stored(put.getKey()), Layout.stored(revision, put.getValue()));
      pending.put(put.getKey(), revision);
      events.add(new Event(put.getKey(), revision, Event.Kind.PUT));
    }
    for (Key key : leaving) {
      writes.delete(Layout.stored(key));
      pending.put(key, Revision.NONE);
      events.add(new Event(key, revision, Event.Kind.DELETE));
    }
    return new Made(revision, events);
  }

  /** The keys that a commit deletes and that are there. */
  private List<Key> leaving(Commit commit, Map<Key, Revision> pending) {
    return commit.deletes().stream()
        .filter(key -> !modRevision(key, pending).equals(Revision.NONE))
        .toList();
  }

  private void require(Commit commit, Map<Key, Revision> pending) {
    if (!commit.expects().stream().allMatch(expect -> holds(expect, pending))) {
      throw new ConflictException("an expectation of the commit does not hold");
    }
  }

  private boolean holds(Expect expect, Map<Key, Revision> pending) {
    return switch (expect) {
      case Expect.Point(Key key, Revision modRevision) ->
          modRevision(key, pending).equals(modRevision);
      case Expect.Unchanged(KeyRange range, Revision since, RangeState state) ->
          pending.keySet().stream().noneMatch(range::contains)
              && switch (history.changed(range, since)) {
                case UNCHANGED -> true;
                case CHANGED -> false;
                case UNKNOWN -> engine.state(null, range).equals(state);
              };
    };
  }

  private Revision modRevision(Key key, Map<Key, Revision> pending) {
    Revision changed = pending.get(key);
    return changed == null ? engine.modRevision(key) : changed;
  }

  /** Makes the commits that wait, then ends; no other commit enters. */
  @Override
  public void close() {
    door.lock();
    try {
      if (!stopping) {
        stopping = true;
        queue.add(stop);
      }
    } finally {
      door.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
