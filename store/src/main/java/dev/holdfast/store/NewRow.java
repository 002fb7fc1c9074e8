// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.util.Set;

/**
 * A row that is ready to be added: written, with the entries of its indexes. See {@link
 * Table#newRow} and {@link Tx#add}.
 */
public final class NewRow {
  private final Table<?, ?> table;
  private final Key key;
  private final byte[] value;
  private final Set<Key> entries;

  NewRow(Table<?, ?> table, Key key, byte[] value, Set<Key> entries) {
    this.table = table;
    this.key = key;
    this.value = value;
    this.entries = entries;
  }

  Table<?, ?> table() {
    return table;
  }

  Key key() {
    return key;
  }

  Set<Key> entries() {
    return entries;
  }

  /** The row as it is kept; not to be changed. */
  public byte[] value() {
    return value;
  }
}
