// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import dev.holdfast.kit.Json;
import dev.holdfast.store.seal.SealException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks the form of everything in a store: that each key is of a declared table, that each row
 * opens under the seal and reads as its record, and that rows and index entries agree.
 */
public final class TableCheck {
  private static final int PAGE = 500;

  private final Map<String, Table<?, ?>> tables = new HashMap<>();

  /** A check of a store that has these tables and no others. */
  public TableCheck(List<Table<?, ?>> tables) {
    for (Table<?, ?> table : tables) {
      if (this.tables.put(table.name(), table) != null) {
        throw new IllegalArgumentException("two tables have the name `" + table.name() + "`");
      }
    }
  }

  /**
   * What is wrong with a key.
   *
   * @param place the table and the key, for people
   * @param mend writes what is right without doubt, or null where nothing is
   */
  public record Flaw(String place, String what, @Nullable Mend mend) {}

  /** A change that makes an index entry agree with its row: the row is what counts. */
  public record Mend(Key key, boolean add) {}

  /**
   * Checks one state.
   *
   * @return how many rows there are
   * @throws StoreUnavailable where the store itself cannot be read
   */
  public long check(Store store, Consumer<Flaw> found) {
    try (Snapshot snapshot = store.read()) {
      long rows = 0;
      KeyRange rest = KeyRange.ALL;
      List<Key> page = keys(snapshot, rest);
      while (!page.isEmpty()) {
        for (Key key : page) {
          rows += check(snapshot, key, found) ? 1 : 0;
        }
        rest = new KeyRange(page.getLast().successor(), null);
        page = keys(snapshot, rest);
      }
      return rows;
    }
  }

  /** Writes what the flaws say is right without doubt; returns how many. */
  public static int mend(Store store, List<Flaw> flaws) {
    int mended = 0;
    for (Flaw flaw : flaws) {
      Mend mend = flaw.mend();
      if (mend != null) {
        store.commit(
            mend.add()
                ? Commit.put(mend.key(), new byte[0])
                : new Commit(List.of(), Map.of(), Set.of(mend.key())));
        mended++;
      }
    }
    return mended;
  }

  /** A page of keys; where one value of it does not open, the keys one by one. */
  private static List<Key> keys(Snapshot snapshot, KeyRange range) {
    try {
      return snapshot.list(range, PAGE).stream().map(Entry::key).toList();
    } catch (SealException _) {
      var keys = new ArrayList<Key>();
      Key key = snapshot.first(range);
      while (key != null && keys.size() < PAGE) {
        keys.add(key);
        key = snapshot.first(new KeyRange(key.successor(), range.to()));
      }
      return keys;
    }
  }

  /** Whether the key is a row's. */
  private boolean check(Snapshot snapshot, Key key, Consumer<Flaw> found) {
    List<String> path;
    try {
      path = Segments.parsePrefix(key, 3);
    } catch (IllegalArgumentException _) {
      found.accept(new Flaw("key " + key, "is of no form that is ever written", null));
      return false;
    }
    Table<?, ?> table = tables.get(path.get(1));
    if (table == null || !(path.getFirst().equals("r") || path.getFirst().equals("i"))) {
      found.accept(new Flaw("key " + key, "is of an unknown table `" + path.get(1) + "`", null));
      return false;
    }
    boolean row = path.getFirst().equals("r");
    try {
      if (row) {
        row(snapshot, table, key, found);
      } else {
        entry(snapshot, table, key, found);
      }
    } catch (SealException e) {
      found.accept(new Flaw(name(table, key, row), "does not open: " + e.getMessage(), null));
    } catch (Json.MalformedJson | IllegalArgumentException | NullPointerException e) {
      found.accept(
          new Flaw(name(table, key, row), "does not read as its record: " + e.getMessage(), null));
    }
    return row;
  }

  private static String name(Table<?, ?> table, Key key, boolean row) {
    try {
      List<String> parts = row ? Segments.parse(key) : Segments.parseRow(key);
      String rest = String.join("/", row ? parts.subList(2, parts.size()) : parts);
      return (row ? "" : "index of ") + "table " + table.name() + ", row " + rest;
    } catch (IllegalArgumentException _) {
      return "table " + table.name() + ", key " + key;
    }
  }

  private static <V> void row(Snapshot snapshot, Table<?, V> table, Key key, Consumer<Flaw> found) {
    Table.Place place = Table.Place.of(key);
    Entry entry = snapshot.get(key);
    if (entry == null) {
      return;
    }
    V value = table.read(entry.value());
    for (Key wanted : table.indexKeys(place.account(), place.segments(), value)) {
      if (snapshot.first(KeyRange.of(wanted)) == null) {
        found.accept(
            new Flaw(name(table, key, true), "is not in its index", new Mend(wanted, true)));
      }
    }
  }

  private static <V> void entry(
      Snapshot snapshot, Table<?, V> table, Key key, Consumer<Flaw> found) {
    snapshot.get(key); // opens under the seal
    List<String> path = Segments.parsePrefix(key, 4);
    var account = new dev.holdfast.kit.AccountId(path.get(3));
    List<String> segments = Segments.parseRow(key);
    Entry row = snapshot.get(table.rowKey(account, segments));
    if (row == null || !table.indexKeys(account, segments, table.read(row.value())).contains(key)) {
      found.accept(
          new Flaw(
              name(table, key, false),
              row == null ? "leads to no row" : "is no longer what the row says",
              new Mend(key, false)));
    }
  }
}
