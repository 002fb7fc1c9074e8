// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Json;
import dev.holdfast.store.seal.SealException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks the form of everything in a store: that each key is of a declared table, that each row
 * opens under the seal and reads as its record, and that rows and index entries agree.
 *
 * <p>Each row is asked for the entries that it wants. Where a table has as many entries as were
 * found that way it has no others; only where it has more is each entry asked for its row, which
 * costs far more.
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

  /** A key, and its entry where that opened. */
  private record Seen(Key key, @Nullable Entry entry) {}

  /** The index entries of a table: how many there are, and how many of them its rows want. */
  private static final class Tally {
    private long there;
    private long wanted;
  }

  /**
   * Checks one state.
   *
   * @return how many rows there are
   * @throws StoreUnavailable where the store itself cannot be read
   */
  public long check(Store store, Consumer<Flaw> found) {
    try (Snapshot snapshot = store.read()) {
      var tallies = new HashMap<Table<?, ?>, Tally>();
      long rows = 0;
      for (List<Seen> page : pages(snapshot, KeyRange.ALL)) {
        for (Seen seen : page) {
          rows += check(snapshot, seen, tallies, found) ? 1 : 0;
        }
      }
      tallies.forEach(
          (table, tally) -> {
            if (tally.there != tally.wanted) {
              entries(snapshot, table, found);
            }
          });
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

  /** A range in pages, read one after the other. */
  private static Iterable<List<Seen>> pages(Snapshot snapshot, KeyRange range) {
    return () ->
        Stream.iterate(
                page(snapshot, range),
                page -> !page.isEmpty(),
                page -> page(snapshot, new KeyRange(page.getLast().key().successor(), range.to())))
            .iterator();
  }

  /** A page of entries; where one value of it does not open, the keys alone. */
  private static List<Seen> page(Snapshot snapshot, KeyRange range) {
    try {
      return snapshot.list(range, PAGE).stream()
          .map(entry -> new Seen(entry.key(), entry))
          .toList();
    } catch (SealException _) {
      var keys = new ArrayList<Seen>();
      Key key = snapshot.first(range);
      while (key != null && keys.size() < PAGE) {
        keys.add(new Seen(key, null));
        key = snapshot.first(new KeyRange(key.successor(), range.to()));
      }
      return keys;
    }
  }

  /** Whether the key is a row's. */
  private boolean check(
      Snapshot snapshot, Seen seen, Map<Table<?, ?>, Tally> tallies, Consumer<Flaw> found) {
    Key key = seen.key();
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
    Tally tally = tallies.computeIfAbsent(table, _ -> new Tally());
    tally.there += row ? 0 : 1;
    try {
      Entry entry = seen.entry() == null ? snapshot.get(key) : seen.entry();
      if (row && entry != null) {
        row(snapshot, table, entry, tally, found);
      }
    } catch (SealException e) {
      found.accept(new Flaw(name(table, key, row), "does not open: " + e.getMessage(), null));
    } catch (Json.MalformedJson | IllegalArgumentException | NullPointerException e) {
      found.accept(unread(table, key, row, e));
    }
    return row;
  }

  private static Flaw unread(Table<?, ?> table, Key key, boolean row, RuntimeException e) {
    return new Flaw(name(table, key, row), "does not read as its record: " + e.getMessage(), null);
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

  private static <V> void row(
      Snapshot snapshot, Table<?, V> table, Entry entry, Tally tally, Consumer<Flaw> found) {
    Table.Place place = Table.Place.of(entry.key());
    V value = table.read(entry.value());
    for (Key wanted : table.indexKeys(place.account(), place.segments(), value)) {
      if (isThere(snapshot, wanted)) {
        tally.wanted++;
      } else {
        found.accept(
            new Flaw(
                name(table, entry.key(), true), "is not in its index", new Mend(wanted, true)));
      }
    }
  }

  private static boolean isThere(Snapshot snapshot, Key key) {
    try {
      return snapshot.get(key) != null;
    } catch (SealException _) {
      return true; // that it does not open is told when its own turn comes
    }
  }

  /** Asks each index entry of a table for its row. */
  private static <V> void entries(Snapshot snapshot, Table<?, V> table, Consumer<Flaw> found) {
    for (List<Seen> page : pages(snapshot, table.indexed())) {
      for (Seen seen : page) {
        try {
          entry(snapshot, table, seen.key(), found);
        } catch (SealException _) {
          // The row's own turn has told so.
        } catch (Json.MalformedJson | IllegalArgumentException | NullPointerException e) {
          found.accept(unread(table, seen.key(), false, e));
        }
      }
    }
  }

  private static <V> void entry(
      Snapshot snapshot, Table<?, V> table, Key key, Consumer<Flaw> found) {
    var account = new AccountId(Segments.parsePrefix(key, 4).get(3));
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
