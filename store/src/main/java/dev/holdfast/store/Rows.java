// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a view's bytes come from: a snapshot, or a snapshot under a transaction's own writes. */
interface Rows {
  Revision revision();

  byte @Nullable [] get(Key key);

  List<Row> list(KeyRange range, int limit);

  /** A key with its value. */
  @SuppressWarnings("ArrayRecordComponent")
  record Row(Key key, byte[] value) {}

  /** The rows of a snapshot. */
  record Of(Snapshot snapshot) implements Rows {
    @Override
    public Revision revision() {
      return snapshot.revision();
    }

    @Override
    public byte @Nullable [] get(Key key) {
      Entry entry = snapshot.get(key);
      return entry == null ? null : entry.value();
    }

    @Override
    public List<Row> list(KeyRange range, int limit) {
      return snapshot.list(range, limit).stream()
          .map(entry -> new Row(entry.key(), entry.value()))
          .toList();
    }
  }
}
