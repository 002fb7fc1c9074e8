// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import dev.holdfast.kit.AccountId;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Typed reads of one consistent state. Valid only inside the function that received it. */
public interface View {
  /** The revision of the state that is read. */
  Revision revision();

  /** The row of a key, or null where there is none. */
  <K, V> @Nullable V get(Table<K, V> table, AccountId account, K key);

  /** The row whose key has exactly these segments, or null; for a {@link Change}. */
  <V> @Nullable V row(Table<?, V> table, AccountId account, List<String> segments);

  /** All rows whose key starts with these segments, in key order. */
  <V> List<V> list(Table<?, V> table, AccountId account, String... prefix);

  /**
   * A page of the rows whose key starts with these segments, in key order.
   *
   * @param after the last key of the page before, or null; it need not exist any more
   * @param limit the size of the page, at least 1
   */
  <K, V> List<V> list(
      Table<K, V> table, AccountId account, List<String> prefix, @Nullable K after, int limit);

  /**
   * A page of the rows whose key starts with these segments, the last one first.
   *
   * @param before the last key of the page before, or null; it need not exist any more
   * @param limit the size of the page, at least 1
   */
  <K, V> List<V> listBackwards(
      Table<K, V> table, AccountId account, List<String> prefix, @Nullable K before, int limit);

  /**
   * The rows that an index has under keys that start with these segments, in index order; a row
   * comes once for each matching entry.
   */
  <V> List<V> byIndex(Table<?, V> table, AccountId account, String index, String... segments);

  /**
   * A page of the rows that an index has under keys that start with these segments, in index order.
   *
   * @param after the entry that the page before ended with, or null; it need not exist
   * @param limit the size of the page, at least 1
   */
  <K, V> List<V> byIndex(
      Table<K, V> table,
      AccountId account,
      String index,
      List<String> looked,
      @Nullable IndexEntry<K> after,
      int limit);

  /**
   * What an index has from keys that start with some segments to keys that start with others, in
   * index order. Only the index is read: each place says the segments of its row's key.
   */
  List<IndexEntry<List<String>>> entries(
      Table<?, ?> table, AccountId account, String index, List<String> first, List<String> last);

  /**
   * A place in an index.
   *
   * @param segments what the row is found under
   * @param row its key
   */
  record IndexEntry<K>(List<String> segments, K row) {}

  /** All rows of all accounts, in order of account and key. */
  <V> List<V> all(Table<?, V> table);

  /** Visits all rows of all accounts, in order of account and key, holding few at a time. */
  default <V> void each(Table<?, V> table, Consumer<V> visitor) {
    eachRow(table, (_, _, value) -> visitor.accept(value));
  }

  /** True where no row's key starts with these segments. */
  boolean isEmpty(Table<?, ?> table, AccountId account, String... prefix);

  /** Shows every row of all accounts to a visitor, in order of account and key. */
  <V> void eachRow(Table<?, V> table, Visitor<V> visitor);

  /** What is done with each row. */
  interface Visitor<V> {
    /**
     * Takes a row.
     *
     * @param key the segments of its key below its account
     */
    void row(AccountId account, List<String> key, V row);
  }
}
