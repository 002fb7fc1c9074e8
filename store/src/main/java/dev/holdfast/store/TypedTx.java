// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import dev.holdfast.kit.AccountId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The typed writes over a {@link Journal}. */
final class TypedTx extends TypedView implements Tx {
  private static final int PAGE = 1000;

  /** What an index entry holds: its key says it all. */
  private static final byte[] NOTHING = new byte[0];

  private final Journal journal;

  TypedTx(Journal journal) {
    super(journal);
    this.journal = journal;
  }

  @Override
  public <K, V> void put(Table<K, V> table, AccountId account, K key, V value) {
    List<String> segments = table.segments(key);
    if (table.hasIndexes()) {
      reindex(
          table, account, segments, new LinkedHashSet<>(table.indexKeys(account, segments, value)));
    }
    journal.put(table, table.rowKey(account, segments), table.write(value));
  }

  @Override
  public void add(NewRow row) {
    row.entries().forEach(entry -> journal.put(row.table(), entry, NOTHING));
    journal.put(row.table(), row.key(), row.value());
  }

  @Override
  public <K> void delete(Table<K, ?> table, AccountId account, K key) {
    List<String> segments = table.segments(key);
    if (table.hasIndexes()) {
      reindex(table, account, segments, Set.of());
    }
    journal.delete(table, table.rowKey(account, segments));
  }

  private <V> void reindex(
      Table<?, V> table, AccountId account, List<String> segments, Set<Key> wanted) {
    V old = row(table, account, segments);
    Set<Key> present = old == null ? Set.of() : table.indexKeys(account, segments, old);
    for (Key key : present) {
      if (!wanted.contains(key)) {
        journal.delete(table, key);
      }
    }
    for (Key key : wanted) {
      if (!present.contains(key)) {
        journal.put(table, key, NOTHING);
      }
    }
  }

  @Override
  public void deleteAccount(AccountId account) {
    for (KeyRange range : Table.rangesOf(account, journal::first)) {
      List<Rows.Row> page = journal.list(range, PAGE);
      while (!page.isEmpty()) {
        page.forEach(row -> journal.delete(row.key()));
        Key next = page.getLast().key().successor();
        page = journal.list(new KeyRange(next, range.to()), PAGE);
      }
    }
  }
}
