// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * What was read lately, by key. It never shows a view anything but what the store would: an item is
 * kept only while no commit has touched its key since, and is shown only to views that are at least
 * as new as it.
 *
 * <p>A commit brackets the keys that it touches with {@link #begin} and {@link #end}. In between
 * they are not kept, since nobody can say which of two values a reader has seen; after it only
 * readers of a newer state bring them back. Keys share stripes for this; a stripe that is too
 * careful costs a read of the store and nothing else.
 */
final class Kept<T extends Kept.Item> {
  private static final int STRIPES = 4096;

  /** Something that was read. */
  interface Item {
    /** The oldest state that is known to have had it like this. */
    Revision since();

    /** About how much memory it takes. */
    int bytes();
  }

  private final ConcurrentHashMap<Key, T> items = new ConcurrentHashMap<>();
  private final AtomicIntegerArray changing = new AtomicIntegerArray(STRIPES);
  private final AtomicLongArray changed = new AtomicLongArray(STRIPES);
  private final AtomicLong used = new AtomicLong();
  private final long mostBytes;

  /** Takes at most about so many bytes of memory. */
  Kept(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** What a state has under a key, or null where the store must be asked. */
  @Nullable T find(Key key, Revision state) {
    T item = items.get(key);
    return item == null || item.since().isAfter(state) ? null : item;
  }

  /** Keeps what a state had under a key, unless it may have changed since. */
  void keep(Key key, T item, Revision state) {
    items.compute(
        key,
        (_, before) -> {
          // Checked under the lock of the entry, which a commit needs to drop it.
          int stripe = stripe(key);
          if (changing.get(stripe) != 0 || changed.get(stripe) > state.number()) {
            return before;
          }
          used.addAndGet(item.bytes() - (before == null ? 0 : before.bytes()));
          return item;
        });
    if (used.get() > mostBytes) {
      shrink();
    }
  }

  /** A commit is about to touch this key. */
  void begin(Key key) {
    changing.incrementAndGet(stripe(key));
    drop(key);
  }

  /** The commit was made, or provably was not: then {@code made} is {@link Revision#NONE}. */
  void end(Key key, Revision made) {
    int stripe = stripe(key);
    changed.accumulateAndGet(stripe, made.number(), Math::max);
    changing.decrementAndGet(stripe);
  }

  private void drop(Key key) {
    T gone = items.remove(key);
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
    Iterator<Key> keys = items.keySet().iterator();
    while (keys.hasNext() && used.get() > mostBytes / 4 * 3) {
      drop(keys.next());
    }
  }

  private static int stripe(Key key) {
    int hash = key.hashCode();
    return (hash ^ (hash >>> 16)) & (STRIPES - 1);
  }
}
