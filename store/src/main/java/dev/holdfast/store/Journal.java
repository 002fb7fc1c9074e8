// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction has read and will write. Each read of the snapshot is kept as an expectation;
 * writes lie over the snapshot for later reads.
 */
final class Journal implements Rows {
  private final Snapshot snapshot;
  private final Rows.Of rows;
  private final Map<Key, Expect> points = new LinkedHashMap<>();
  private final Map<KeyRange, Expect> ranges = new LinkedHashMap<>();

  /** New values; empty: deleted. */
  private final TreeMap<Key, Optional<byte[]>> writes = new TreeMap<>();

  private final List<Key> touched = new ArrayList<>();

  Journal(Snapshot snapshot, RowCache cache) {
    this.snapshot = snapshot;
    this.rows = new Rows.Of(snapshot, cache);
  }

  @Override
  public Revision revision() {
    return snapshot.revision();
  }

  @Override
  public <V> @Nullable V get(Table<?, V> table, Key key) {
    Optional<byte[]> written = writes.get(key);
    if (written != null) {
      return written.map(table::read).orElse(null);
    }
    RowCache.Found<V> found = rows.find(table, key);
    points.put(key, new Expect.Point(key, found.modRevision()));
    return found.row();
  }

  @Override
  public List<Row> list(KeyRange range, int limit) {
    if (range.isEmpty()) {
      return List.of();
    }
    int wanted = wanted(range, limit);
    List<Entry> entries = snapshot.list(range, wanted);
    KeyRange scanned =
        entries.size() < wanted
            ? range
            : new KeyRange(range.from(), entries.getLast().key().successor());
    return first(merged(scanned, entries), limit);
  }

  @Override
  public List<Row> last(KeyRange range, int limit) {
    if (range.isEmpty()) {
      return List.of();
    }
    int wanted = wanted(range, limit);
    List<Entry> entries = snapshot.last(range, wanted);
    KeyRange scanned =
        entries.size() < wanted ? range : new KeyRange(entries.getLast().key(), range.to());
    return first(merged(scanned, entries).descendingMap(), limit);
  }

  /** How many entries to read, so that enough are left of those that were not deleted here. */
  private int wanted(KeyRange range, int limit) {
    long hidden = written(range).values().stream().filter(Optional::isEmpty).count();
    return (int) Math.min(Integer.MAX_VALUE, limit + hidden);
  }

  /** What a range holds that was read whole, under what is written here. */
  private NavigableMap<Key, byte[]> merged(KeyRange scanned, List<Entry> entries) {
    RangeState state = RangeState.EMPTY;
    var merged = new TreeMap<Key, byte[]>();
    for (Entry entry : entries) {
      state = state.plus(entry.modRevision());
      merged.put(entry.key(), entry.value());
    }
    ranges.put(scanned, new Expect.Unchanged(scanned, snapshot.revision(), state));
    written(scanned)
        .forEach(
            (key, value) ->
                value.ifPresentOrElse(bytes -> merged.put(key, bytes), () -> merged.remove(key)));
    return merged;
  }

  private static List<Row> first(NavigableMap<Key, byte[]> rows, int limit) {
    var found = new ArrayList<Row>();
    for (Map.Entry<Key, byte[]> row : rows.entrySet()) {
      if (found.size() == limit) {
        break;
      }
      found.add(new Row(row.getKey(), row.getValue()));
    }
    return found;
  }

  /** The first key of a range, without keeping the read: for finding out which tables exist. */
  List<Key> first(KeyRange range) {
    var found = new ArrayList<Key>(1);
    Key stored = snapshot.first(range);
    Key own = written(range).isEmpty() ? null : written(range).firstKey();
    if (stored != null && (own == null || stored.compareTo(own) <= 0)) {
      found.add(stored);
    } else if (own != null) {
      found.add(own);
    }
    return found;
  }

  private NavigableMap<Key, Optional<byte[]>> written(KeyRange range) {
    Key to = range.to();
    if (range.isEmpty()) {
      return new TreeMap<>();
    }
    return to == null
        ? writes.tailMap(range.from(), true)
        : writes.subMap(range.from(), true, to, false);
  }

  void put(Table<?, ?> table, Key key, byte[] value) {
    touch(table, key);
    writes.put(key, Optional.of(value));
  }

  void delete(Table<?, ?> table, Key key) {
    touch(table, key);
    writes.put(key, Optional.empty());
  }

  /** Deletes a key of whatever table. */
  void delete(Key key) {
    touched.add(key);
    writes.put(key, Optional.empty());
  }

  private void touch(Table<?, ?> table, Key key) {
    if (table.isCached()) {
      touched.add(key);
    }
  }

  /** The keys that are written of what the cache may hold. */
  List<Key> touched() {
    return touched;
  }

  /** The commit of all writes under all expectations. */
  Commit commit() {
    var expects = new ArrayList<Expect>(points.values());
    expects.addAll(ranges.values());
    var puts = new LinkedHashMap<Key, byte[]>();
    var deletes = new LinkedHashSet<Key>();
    writes.forEach(
        (key, value) ->
            value.ifPresentOrElse(bytes -> puts.put(key, bytes), () -> deletes.add(key)));
    return new Commit(expects, puts, deletes);
  }
}
