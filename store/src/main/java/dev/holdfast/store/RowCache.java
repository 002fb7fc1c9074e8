// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Rows that were read lately, opened and decoded, and what indexes led to; see {@link Kept}. */
final class RowCache {
  private static final int OVERHEAD_BYTES = 200;

  /** A record takes about so many times the bytes that it is kept as. */
  private static final int DECODED = 3;

  /**
   * A row, or that there is none.
   *
   * @param table which decoded it
   */
  private record Row(Table<?, ?> table, @Nullable Object row, Revision since, int bytes)
      implements Kept.Item {}

  /** The keys of the rows that an index has under some segments. */
  private record Led(List<List<String>> rows, Revision since, int bytes) implements Kept.Item {}

  private final Kept<Row> rows;

  /** By the key of the segments: a commit touches all prefixes of the entries that it changes. */
  private final Kept<Led> led;

  /** A cache that takes at most about so many bytes of memory. */
  RowCache(long mostBytes) {
    this.rows = new Kept<>(mostBytes / 4 * 3);
    this.led = new Kept<>(mostBytes / 4);
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
    Row kept = rows.find(key, state);
    if (kept == null || kept.table() != table) {
      return null;
    }
    return new Found<>((V) kept.row(), kept.row() == null ? Revision.NONE : kept.since());
  }

  /** Keeps what a state had under a key, unless it may have changed since. */
  <V> void keep(
      Table<?, V> table, Key key, @Nullable Entry entry, @Nullable V row, Revision state) {
    int bytes =
        OVERHEAD_BYTES + key.length() + (entry == null ? 0 : DECODED * entry.value().length);
    Revision since = entry == null ? state : entry.modRevision();
    rows.keep(key, new Row(table, row, since, bytes), state);
  }

  /** The keys of the rows that an index range leads to, or null where the store must be asked. */
  @Nullable List<List<String>> led(KeyRange index, Revision state) {
    Led kept = led.find(index.from(), state);
    return kept == null ? null : kept.rows();
  }

  /** Keeps where an index range led in a state, unless that may have changed since. */
  void keep(KeyRange index, List<List<String>> found, Revision state) {
    int bytes = OVERHEAD_BYTES + index.from().length() + found.size() * OVERHEAD_BYTES;
    led.keep(index.from(), new Led(List.copyOf(found), state, bytes), state);
  }

  /** A commit is about to change these keys. */
  void begin(List<Key> touched) {
    touched.forEach(key -> each(key, rows::begin, led::begin));
  }

  /** The commit was made, or provably was not: then {@code made} is {@link Revision#NONE}. */
  void end(List<Key> touched, Revision made) {
    touched.forEach(key -> each(key, row -> rows.end(row, made), prefix -> led.end(prefix, made)));
  }

  private static void each(Key key, Consumer<Key> row, Consumer<Key> prefix) {
    if (Table.isIndex(key)) {
      Table.indexedBy(key).forEach(prefix);
    } else {
      row.accept(key);
    }
  }

  /** About how much is kept. */
  long bytes() {
    return rows.bytes() + led.bytes();
  }
}
