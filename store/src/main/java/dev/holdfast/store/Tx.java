// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import dev.holdfast.kit.AccountId;

/** A transaction: reads see its own writes, and all writes become one commit, or none. */
public interface Tx extends View {
  /** Makes or replaces a row. On a table without indexes this reads nothing, so never conflicts. */
  <K, V> void put(Table<K, V> table, AccountId account, K key, V value);

  /**
   * Adds a row whose key was never used: reads nothing, so it never conflicts, whatever indexes the
   * table has.
   */
  void add(NewRow row);

  /** Removes a row; an absent one is no error. */
  <K> void delete(Table<K, ?> table, AccountId account, K key);

  /**
   * Removes all rows of an account in all tables. A row that another commit brings into a table of
   * this list conflicts; the very first row of a table does not, so guard an account's end by a row
   * that its writers read.
   */
  void deleteAccount(AccountId account);
}
