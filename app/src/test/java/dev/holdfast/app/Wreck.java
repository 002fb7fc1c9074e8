// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.registry.blob.BlobInventory;
import dev.holdfast.service.Finding;
import dev.holdfast.service.State;
import dev.holdfast.store.Commit;
import dev.holdfast.store.Database;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.Store;
import dev.holdfast.store.Tx;
import dev.holdfast.store.memory.MemoryStore;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A copy of everything that a real data directory holds, to be damaged row by row. */
final class Wreck {
  private final Foundation whole;
  private final InstantSource clock;
  private final MemoryStore store = new MemoryStore();
  private BlobInventory blobs;

  Wreck(Foundation whole, BlobInventory blobs, InstantSource clock) {
    this.whole = whole;
    this.blobs = blobs;
    this.clock = clock;
    var all = new HashMap<Key, byte[]>();
    try (Snapshot snapshot = whole.store().read()) {
      for (Entry entry : snapshot.list(KeyRange.ALL, Integer.MAX_VALUE)) {
        all.put(entry.key(), entry.value());
      }
    }
    store.commit(new Commit(List.of(), all, Set.of()));
  }

  /** What the checks say of it. */
  List<Finding> findings() {
    return new Checks(whole.keyring(), blobs, new SecureRandom(), clock).run(store).findings();
  }

  Store store() {
    return store;
  }

  State state() {
    return new State(new Database(store));
  }

  Foundation whole() {
    return whole;
  }

  /** Other blobs than those of the directory. */
  void blobs(BlobInventory others) {
    blobs = others;
  }

  /** Writes what no operation would. */
  void put(Consumer<Tx> writes) {
    state()
        .own(
            tx -> {
              writes.accept(tx);
              return tx;
            });
  }

  /** A row as it lies: {@code table/account/key...} and its JSON. */
  private record Row(Key key, String path, String json) {
    boolean has(String word) {
      return path.contains(word) || json.contains(word);
    }
  }

  private List<Row> rows(String table, String word) {
    var found = new ArrayList<Row>();
    String start = "r\0" + table + "\0";
    try (Snapshot snapshot = store.read()) {
      for (Entry entry : snapshot.list(KeyRange.ALL, Integer.MAX_VALUE)) {
        String path = new String(entry.key().bytes(), UTF_8);
        var row = new Row(entry.key(), path.replace('\0', '/'), new String(entry.value(), UTF_8));
        if (path.startsWith(start) && row.has(word)) {
          found.add(row);
        }
      }
    }
    if (found.isEmpty()) {
      throw new AssertionError("no row of " + table + " has " + word);
    }
    return found;
  }

  /**
   * Loses the rows of a table whose key or content has a word, and what its indexes say of them.
   */
  void loses(String table, String word) {
    for (Row row : rows(table, word)) {
      store.commit(Commit.delete(row.key()));
    }
  }

  /** Has other content in the first row that has a word. */
  void edits(String table, String word, UnaryOperator<String> edit) {
    Row row = rows(table, word).getFirst();
    String other = edit.apply(row.json());
    if (other.equals(row.json())) {
      throw new AssertionError("nothing to edit in " + row.json());
    }
    store.commit(Commit.put(row.key(), other.getBytes(UTF_8)));
  }

  /** Has a second row like the first that has a word, with another name in key and content. */
  void twins(String table, String from, String to) {
    Row row = rows(table, from).getFirst();
    Key key = Key.of(new String(row.key().bytes(), UTF_8).replace(from, to));
    store.commit(
        new Commit(List.of(), Map.of(key, row.json().replace(from, to).getBytes(UTF_8)), Set.of()));
  }

  /** Has a key that no table has. */
  void raw(String key, String value) {
    store.commit(Commit.put(Key.of(key), value.getBytes(UTF_8)));
  }

  /** Loses the first index entry of a table. */
  void losesIndex(String table) {
    store.commit(Commit.delete(index(table)));
  }

  /** Has an index entry like the first of a table, with other text in its key. */
  void twinsIndex(String table, String from, String to) {
    String key = new String(index(table).bytes(), ISO_8859_1); // an index key is no UTF-8
    if (!key.contains(from)) {
      throw new AssertionError("no " + from + " in the index of " + table);
    }
    store.commit(Commit.put(Key.of(key.replace(from, to).getBytes(ISO_8859_1)), new byte[0]));
  }

  private Key index(String table) {
    try (Snapshot snapshot = store.read()) {
      return snapshot.list(KeyRange.ALL, Integer.MAX_VALUE).stream()
          .map(Entry::key)
          .filter(key -> new String(key.bytes(), UTF_8).startsWith("i\0" + table + "\0"))
          .findFirst()
          .orElseThrow();
    }
  }
}
