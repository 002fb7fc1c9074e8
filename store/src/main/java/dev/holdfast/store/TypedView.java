// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import dev.holdfast.kit.AccountId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The typed reads over {@link Rows}. */
sealed class TypedView implements View permits TypedTx {
  private static final int PAGE = 512;

  private final Rows rows;

  TypedView(Rows rows) {
    this.rows = rows;
  }

  @Override
  public Revision revision() {
    return rows.revision();
  }

  @Override
  public <K, V> @Nullable V get(Table<K, V> table, AccountId account, K key) {
    return row(table, account, table.segments(key));
  }

  @Override
  public <V> @Nullable V row(Table<?, V> table, AccountId account, List<String> segments) {
    return rows.get(table, table.rowKey(account, segments));
  }

  @Override
  public <V> List<V> list(Table<?, V> table, AccountId account, String... prefix) {
    return values(table, rows.list(table.rows(account, List.of(prefix)), Integer.MAX_VALUE));
  }

  @Override
  public <K, V> List<V> list(
      Table<K, V> table, AccountId account, List<String> prefix, @Nullable K after, int limit) {
    holdsSome(limit);
    KeyRange range = table.rows(account, prefix);
    if (after != null) {
      range = range.after(table.rowKey(account, table.segments(after)));
    }
    return range.isEmpty() ? List.of() : values(table, rows.list(range, limit));
  }

  @Override
  public <K, V> List<V> listBackwards(
      Table<K, V> table, AccountId account, List<String> prefix, @Nullable K before, int limit) {
    holdsSome(limit);
    KeyRange range = table.rows(account, prefix);
    if (before != null) {
      range = range.before(table.rowKey(account, table.segments(before)));
    }
    return range.isEmpty() ? List.of() : values(table, rows.last(range, limit));
  }

  private static void holdsSome(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a page holds at least one row");
    }
  }

  @Override
  public <V> List<V> byIndex(Table<?, V> table, AccountId account, String index, String... looked) {
    var found = new ArrayList<V>();
    KeyRange range = table.indexed(account, index, List.of(looked));
    for (List<String> segments : rows.led(table, range)) {
      V value = row(table, account, segments);
      if (value != null) {
        found.add(value);
      }
    }
    return List.copyOf(found);
  }

  @Override
  public <K, V> List<V> byIndex(
      Table<K, V> table,
      AccountId account,
      String index,
      List<String> looked,
      @Nullable IndexEntry<K> after,
      int limit) {
    KeyRange range = table.indexed(account, index, looked);
    if (after != null) {
      range =
          range.after(
              table.indexKey(account, index, after.segments(), table.segments(after.row())));
    }
    var found = new ArrayList<V>();
    if (!range.isEmpty()) {
      for (Rows.Row entry : rows.list(range, limit)) {
        V value = row(table, account, Segments.parseRow(entry.key()));
        if (value != null) {
          found.add(value);
        }
      }
    }
    return List.copyOf(found);
  }

  @Override
  public List<IndexEntry<List<String>>> entries(
      Table<?, ?> table, AccountId account, String index, List<String> first, List<String> last) {
    KeyRange range = table.indexed(account, index, first, last);
    return range.isEmpty()
        ? List.of()
        : rows.list(range, Integer.MAX_VALUE).stream()
            .map(entry -> Table.indexEntry(entry.key()))
            .toList();
  }

  @Override
  public <V> List<V> all(Table<?, V> table) {
    return values(table, rows.list(table.rows(), Integer.MAX_VALUE));
  }

  @Override
  public boolean isEmpty(Table<?, ?> table, AccountId account, String... prefix) {
    return rows.list(table.rows(account, List.of(prefix)), 1).isEmpty();
  }

  @Override
  public <V> void eachRow(Table<?, V> table, Visitor<V> visitor) {
    KeyRange rest = table.rows();
    List<Rows.Row> page = rows.list(rest, PAGE);
    while (!page.isEmpty()) {
      for (Rows.Row row : page) {
        Table.Place place = Table.Place.of(row.key());
        visitor.row(place.account(), place.segments(), table.read(row.value()));
      }
      rest = new KeyRange(page.getLast().key().successor(), rest.to());
      page = rest.isEmpty() ? List.of() : rows.list(rest, PAGE);
    }
  }

  private static <V> List<V> values(Table<?, V> table, List<Rows.Row> read) {
    var found = new ArrayList<V>();
    for (Rows.Row row : read) {
      found.add(table.read(row.value()));
    }
    return List.copyOf(found);
  }
}
