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

  /** A key with its value. */
  @SuppressWarnings("ArrayRecordComponent")
  record Row(Key key, byte[] value) {}

  /** The rows of a snapshot, through the cache. */
  record Of(Snapshot snapshot, RowCache cache) implements Rows {
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
      cache.keep(table, key, entry, row, state);
      return new RowCache.Found<>(row, entry == null ? Revision.NONE : entry.modRevision());
    }

    @Override
    public List<Row> list(KeyRange range, int limit) {
      return snapshot.list(range, limit).stream()
          .map(entry -> new Row(entry.key(), entry.value()))
          .toList();
    }
  }
}
