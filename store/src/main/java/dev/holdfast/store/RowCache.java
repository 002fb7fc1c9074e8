// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Rows that were read lately, opened and decoded. It never shows a view anything but what the store
 * would: a row is kept only while no commit has touched its key since, and is shown only to views
 * that are at least as new as it.
 *
 * <p>A commit brackets itself with {@link #begin} and {@link #end}. In between its keys are not
 * kept, since nobody can say which of two values a reader has seen; after it only readers of a
 * newer state bring them back. Keys share stripes for this; a stripe that is too careful costs a
 * read of the store and nothing else.
 */
final class RowCache {
  private static final int STRIPES = 4096;
  private static final int OVERHEAD_BYTES = 200;

  /** A record takes about so many times the bytes that it is kept as. */
  private static final int DECODED = 3;

  /**
   * A row, or that there is none.
   *
   * @param table which decoded it
   * @param since the oldest state that is known to have had it like this
   */
  private record Kept(Table<?, ?> table, @Nullable Object row, Revision since, int bytes) {}

  private final ConcurrentHashMap<Key, Kept> rows = new ConcurrentHashMap<>();
  private final AtomicIntegerArray changing = new AtomicIntegerArray(STRIPES);
  private final AtomicLongArray changed = new AtomicLongArray(STRIPES);
  private final AtomicLong used = new AtomicLong();
  private final long mostBytes;

  /** A cache that takes at most about so many bytes of memory. */
  RowCache(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * What was found.
   *
   * @param row null where the store has no such row
   * @param modRevision {@link Revision#NONE} where it has none
   */
  record Found<V>(@Nullable V row, Revision modRevision) {}

  /** The row of a key in a state, or null where the store must be asked. */
  @SuppressWarnings("unchecked") // what a table decoded is of its type
  <V> @Nullable Found<V> find(Table<?, V> table, Key key, Revision state) {
    Kept kept = rows.get(key);
    if (kept == null || kept.table() != table || kept.since().isAfter(state)) {
      return null;
    }
    return new Found<>((V) kept.row(), kept.row() == null ? Revision.NONE : kept.since());
  }

  /** Keeps what a state had under a key, unless it may have changed since. */
  <V> void keep(
      Table<?, V> table, Key key, @Nullable Entry entry, @Nullable V row, Revision state) {
    int weight =
        OVERHEAD_BYTES + key.length() + (entry == null ? 0 : DECODED * entry.value().length);
    Revision since = entry == null ? state : entry.modRevision();
    rows.compute(
        key,
        (_, before) -> {
          // Checked under the lock of the entry, which a commit needs to drop it.
          int stripe = stripe(key);
          if (changing.get(stripe) != 0 || changed.get(stripe) > state.number()) {
            return before;
          }
          used.addAndGet(weight - (before == null ? 0 : before.bytes()));
          return new Kept(table, row, since, weight);
        });
    if (used.get() > mostBytes) {
      shrink();
    }
  }

  /** A commit is about to change these keys. */
  void begin(Commit commit) {
    commit.puts().keySet().forEach(this::begin);
    commit.deletes().forEach(this::begin);
  }

  private void begin(Key key) {
    changing.incrementAndGet(stripe(key));
    drop(key);
  }

  /** The commit was made, or provably was not: then {@code made} is {@link Revision#NONE}. */
  void end(Commit commit, Revision made) {
    commit.puts().keySet().forEach(key -> end(key, made));
    commit.deletes().forEach(key -> end(key, made));
  }

  private void end(Key key, Revision made) {
    int stripe = stripe(key);
    changed.accumulateAndGet(stripe, made.number(), Math::max);
    changing.decrementAndGet(stripe);
  }

  private void drop(Key key) {
    Kept gone = rows.remove(key);
    if (gone != null) {
      used.addAndGet(-gone.bytes());
    }
  }

  /** About how much is kept. */
  long bytes() {
    return used.get();
  }

  /** Makes room: any quarter will do, and what is used will be back. */
  private void shrink() {
    Iterator<Key> keys = rows.keySet().iterator();
    while (keys.hasNext() && used.get() > mostBytes / 4 * 3) {
      drop(keys.next());
    }
  }

  private static int stripe(Key key) {
    int hash = key.hashCode();
    return (hash ^ (hash >>> 16)) & (STRIPES - 1);
  }
}
