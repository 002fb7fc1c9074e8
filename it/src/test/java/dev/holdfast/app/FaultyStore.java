// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.store.Commit;
import dev.holdfast.store.ConflictException;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Revision;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.Store;
import dev.holdfast.store.Watch;
import dev.holdfast.store.memory.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** Stores with a defect each, to see that a crash test would find it. */
final class FaultyStore {
  private static final int RECORDS = 10_000;

  private FaultyStore() {}

  /**
   * A store with a defect.
   *
   * @param defect {@code early}: acknowledges before it writes; {@code drops}: loses one record in
   *     ten thousand; {@code forgets:TABLE}: loses one entry of an index of that table
   */
  static Store over(Store store, String defect) {
    String[] words = defect.split(":", -1);
    return switch (words[0]) {
      case "early" -> new Early(store);
      case "drops" -> new Losing(store, new EachTenThousandth());
      case "forgets" -> new Losing(store, new FirstEntry(words[1]));
      default -> throw new IllegalArgumentException(defect);
    };
  }

  /**
   * Serves from memory and writes a moment later: a process that is killed loses that moment. What
   * is written and not synced, a kill leaves; a power cut does not.
   */
  private static final class Early implements Store {
    private static final Duration LATER = Duration.ofMillis(20);

    /** A commit that was acknowledged and is not on disk. */
    private record Late(Commit commit, long due) implements Delayed {
      @Override
      public long getDelay(TimeUnit unit) {
        return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
      }

      @Override
      public int compareTo(Delayed other) {
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
      }
    }

    private final Store disk;
    private final MemoryStore memory = new MemoryStore();
    private final DelayQueue<Late> late = new DelayQueue<>();

    /** Keeps the order of {@code late} that of the commits. */
    private final ReentrantLock lock = new ReentrantLock();

    Early(Store disk) {
      this.disk = disk;
      var all = new LinkedHashMap<Key, byte[]>();
      try (Snapshot snapshot = disk.read()) {
        for (Entry entry : snapshot.list(KeyRange.ALL, Integer.MAX_VALUE)) {
          all.put(entry.key(), entry.value());
        }
      }
      memory.commit(new Commit(List.of(), all, java.util.Set.of()));
      Thread.ofPlatform().daemon().name("late-writes").start(this::write);
    }

    private void write() {
      try {
        while (true) {
          Commit next = late.take().commit();
          disk.commit(new Commit(List.of(), next.puts(), next.deletes()));
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public Snapshot read() {
      return memory.read();
    }

    @Override
    public Revision commit(Commit commit) {
      lock.lock();
      try {
        Revision revision = memory.commit(commit);
        late.add(new Late(commit, System.nanoTime() + LATER.toNanos()));
        return revision;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public Watch watch(List<KeyRange> ranges, Revision after) {
      return memory.watch(ranges, after);
    }

    @Override
    public void close() {
      memory.close();
      disk.close();
    }
  }

  /** Which records are lost. */
  private interface Loss {
    boolean loses(Key key);

    /** The commit was not made after all. */
    void undo();
  }

  private static final class EachTenThousandth implements Loss {
    private final AtomicInteger seen = new AtomicInteger();

    @Override
    public boolean loses(Key key) {
      return seen.incrementAndGet() % RECORDS == 0;
    }

    @Override
    public void undo() {
      // one record more or less in ten thousand
    }
  }

  /** Loses the first entry of a table's indexes. */
  private static final class FirstEntry implements Loss {
    private final String start;
    private final AtomicBoolean lost = new AtomicBoolean();

    FirstEntry(String table) {
      this.start = "i\0" + table + "\0";
    }

    @Override
    public boolean loses(Key key) {
      return new String(key.bytes(), StandardCharsets.ISO_8859_1).startsWith(start)
          && lost.compareAndSet(false, true);
    }

    @Override
    public void undo() {
      lost.set(false);
    }
  }

  /** Leaves single records out of commits that it acknowledges. */
  private record Losing(Store inner, Loss loss) implements Store {
    @Override
    public Snapshot read() {
      return inner.read();
    }

    @Override
    public Revision commit(Commit commit) {
      Map<Key, byte[]> kept = new LinkedHashMap<>();
      commit
          .puts()
          .forEach(
              (key, value) -> {
                if (!loss.loses(key)) {
                  kept.put(key, value);
                }
              });
      try {
        return inner.commit(new Commit(commit.expects(), kept, commit.deletes()));
      } catch (ConflictException e) {
        if (kept.size() < commit.puts().size()) {
          loss.undo();
        }
        throw e;
      }
    }

    @Override
    public Watch watch(List<KeyRange> ranges, Revision after) {
      return inner.watch(ranges, after);
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
