// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a view's rows come from: a snapshot, or a snapshot under a transaction's own writes. */
interface Rows {
  Revision revision();

  /** The row of a key, or null. */
  <V> @Nullable V get(Table<?, V> table, Key key);

  List<Row> list(KeyRange range, int limit);

  /** The last rows of a range, the last one first. */
  List<Row> last(KeyRange range, int limit);

  /** The keys of the rows that a range of an index leads to, in the index's order. */
  default List<List<String>> led(Table<?, ?> table, KeyRange index) {
    return list(index, Integer.MAX_VALUE).stream()
        .map(entry -> Segments.parseRow(entry.key()))
        .toList();
  }

  /** A key with its value. */
  @SuppressWarnings("ArrayRecordComponent")
  record Row(Key key, byte[] value) {}

  /** The rows of a snapshot, through the cache. */
  record Of(Snapshot snapshot, RowCache cache) implements Rows {
    /** What leads to more is read by nobody who is in a hurry. */
    private static final int MOST_KEPT = 256;

    @Override
    public Revision revision() {
      return snapshot.revision();
    }

    @Override
    public <V> @Nullable V get(Table<?, V> table, Key key) {
      return find(table, key).row();
    }

    /** The row with its revision. */
    <V> RowCache.Found<V> find(Table<?, V> table, Key key) {
      Revision state = snapshot.revision();
      RowCache.Found<V> kept = cache.find(table, key, state);
      if (kept != null) {
        return kept;
      }
      Entry entry = snapshot.get(key);
      V row = entry == null ? null : table.read(entry.value());
      if (table.isCached()) {
        cache.keep(table, key, entry, row, state);
      }
      return new RowCache.Found<>(row, entry == null ? Revision.NONE : entry.modRevision());
    }

    @Override
    public List<List<String>> led(Table<?, ?> table, KeyRange index) {
      if (!table.isCached()) {
        return Rows.super.led(table, index);
      }
      Revision state = snapshot.revision();
      List<List<String>> kept = cache.led(index, state);
      if (kept != null) {
        return kept;
      }
      List<List<String>> found = Rows.super.led(table, index);
      if (found.size() <= MOST_KEPT) {
        cache.keep(index, found, state);
      }
      return found;
    }

    @Override
    public List<Row> list(KeyRange range, int limit) {
      return rows(snapshot.list(range, limit));
    }

    @Override
    public List<Row> last(KeyRange range, int limit) {
      return rows(snapshot.last(range, limit));
    }

    private static List<Row> rows(List<Entry> entries) {
      return entries.stream().map(entry -> new Row(entry.key(), entry.value())).toList();
    }
  }
}
