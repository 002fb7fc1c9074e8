// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.RecordCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A table declaration: name, record type, key and indexes. Immutable; declare it once as a
 * constant.
 *
 * <p>Rows lie under {@code r/table/account/key...}, index entries under {@code
 * i/table/index/account/segments.../row key...}. Names are forever: they are on disk. An index
 * whose function changes meaning needs a new name.
 *
 * @param <K> what identifies a row inside an account
 * @param <V> a record, or a sealed interface of records, that {@link RecordCodec} can write
 */
public final class Table<K, V> {
  /** The account that holds rows of the platform itself. */
  public static final AccountId PLATFORM = new AccountId("000000000000");

  private static final String ROWS = "r";
  private static final String INDEXES = "i";

  /** Segments before those that an index finds by: space, table, index, account. */
  private static final int INDEX_PATH = 4;

  private final String name;
  private final RecordCodec<V> codec;
  private final Function<K, List<String>> key;
  private final Map<String, Function<V, List<List<String>>>> indexes;
  private final RowVersions versions;
  private final boolean cached;
  private final boolean packed;

  private Table(
      String name,
      RecordCodec<V> codec,
      Function<K, List<String>> key,
      Map<String, Function<V, List<List<String>>>> indexes,
      RowVersions versions,
      boolean cached,
      boolean packed) {
    this.name = name;
    this.codec = codec;
    this.key = key;
    this.indexes = indexes;
    this.versions = versions;
    this.cached = cached;
    this.packed = packed;
  }

  /**
   * A table without indexes.
   *
   * @param key the segments of a row's key below its account, most significant first; injective
   */
  public static <K, V> Table<K, V> of(String name, Class<V> type, Function<K, List<String>> key) {
    return new Table<>(name, RecordCodec.of(type), key, Map.of(), RowVersions.FIRST, true, false);
  }

  /**
   * This table with rows of the next version: for a change after which older bytes would not read,
   * or would mean something else. A member that is added and reads as absent needs none.
   *
   * @param step makes a row of this version out of one of the version before
   */
  public Table<K, V> next(UnaryOperator<JsonObject> step) {
    return new Table<>(name, codec, key, indexes, versions.next(step), cached, packed);
  }

  /**
   * This table with one more index, kept in the commits that change its rows.
   *
   * @param entries under which segments a row is found: none, one or many lists
   */
  public Table<K, V> index(String index, Function<V, List<List<String>>> entries) {
    var more = new LinkedHashMap<>(indexes);
    if (more.put(index, entries) != null) {
      throw new IllegalArgumentException("index `" + index + "` is declared twice");
    }
    return new Table<>(name, codec, key, more, versions, cached, packed);
  }

  /** This table, with rows that are written often and read seldom: none is kept in memory. */
  public Table<K, V> uncached() {
    return new Table<>(name, codec, key, indexes, versions, false, packed);
  }

  /** This table, with rows that are large and say much the same: they are kept compressed. */
  public Table<K, V> packed() {
    return new Table<>(name, codec, key, indexes, versions, cached, true);
  }

  boolean isCached() {
    return cached;
  }

  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return name;
  }

  List<String> segments(K rowKey) {
    return key.apply(rowKey);
  }

  Key rowKey(AccountId account, List<String> segments) {
    return Segments.key(path(ROWS, account, segments));
  }

  KeyRange rows(AccountId account, List<String> prefix) {
    return Segments.under(path(ROWS, account, prefix));
  }

  KeyRange rows() {
    return Segments.under(List.of(ROWS, name));
  }

  private List<String> path(String space, AccountId account, List<String> segments) {
    var path = new ArrayList<String>();
    path.add(space);
    path.add(name);
    path.add(account.digits());
    path.addAll(segments);
    return path;
  }

  private List<String> indexPath(String index, AccountId account, List<String> segments) {
    var path = new ArrayList<String>();
    path.add(INDEXES);
    path.add(name);
    path.add(index);
    path.add(account.digits());
    path.addAll(segments);
    return path;
  }

  KeyRange indexed(AccountId account, String index, List<String> segments) {
    if (!indexes.containsKey(index)) {
      throw new IllegalArgumentException("table `" + name + "` has no index `" + index + "`");
    }
    return Segments.under(indexPath(index, account, segments));
  }

  /** From the keys that start with some segments to those that start with others. */
  KeyRange indexed(AccountId account, String index, List<String> first, List<String> last) {
    return new KeyRange(indexed(account, index, first).from(), indexed(account, index, last).to());
  }

  /** Where all index entries of the table lie. */
  KeyRange indexed() {
    return Segments.under(List.of(INDEXES, name));
  }

  /** Whether a key is of an index entry, and not of a row. */
  static boolean isIndex(Key key) {
    return key.length() > 0 && key.at(0) == INDEXES.charAt(0);
  }

  /** Where the ranges begin that {@link #indexed} makes and an index key lies in. */
  static List<Key> indexedBy(Key index) {
    return Segments.prefixes(index, INDEX_PATH);
  }

  /** The place in an index that a key of it is of. */
  static View.IndexEntry<List<String>> indexEntry(Key key) {
    List<String> path = Segments.parseIndex(key);
    return new View.IndexEntry<>(path.subList(INDEX_PATH, path.size()), Segments.parseRow(key));
  }

  boolean hasIndexes() {
    return !indexes.isEmpty();
  }

  Key indexKey(AccountId account, String index, List<String> segments, List<String> row) {
    return Segments.indexKey(indexPath(index, account, segments), row);
  }

  Set<Key> indexKeys(AccountId account, List<String> row, V value) {
    var keys = new LinkedHashSet<Key>();
    indexes.forEach(
        (index, entries) -> {
          for (List<String> segments : entries.apply(value)) {
            keys.add(indexKey(account, index, segments, row));
          }
        });
    return keys;
  }

  /**
   * Makes a row ready to be added under a key that was never used, such as an id drawn at random.
   */
  public NewRow newRow(AccountId account, K rowKey, V value) {
    List<String> segments = key.apply(rowKey);
    return new NewRow(
        this, rowKey(account, segments), write(value), indexKeys(account, segments, value));
  }

  /**
   * As {@link #newRow(AccountId, Object, Object)}, for a record that is written already.
   *
   * @param index the table's only index
   * @param entries what it finds the row under
   */
  public NewRow newRow(
      AccountId account, K rowKey, byte[] written, String index, Set<List<String>> entries) {
    List<String> segments = key.apply(rowKey);
    var keys = new LinkedHashSet<Key>();
    entries.forEach(entry -> keys.add(indexKey(account, index, entry, segments)));
    return new NewRow(this, rowKey(account, segments), kept(written), keys);
  }

  byte[] write(V value) {
    return kept(codec.bytes(value));
  }

  private byte[] kept(byte[] written) {
    byte[] row = versions.write(written);
    return packed ? Packing.pack(row) : row;
  }

  /**
   * Reads a row of any version so far.
   *
   * @throws Json.MalformedJson where it is none
   * @throws IllegalArgumentException where it is of a later version
   */
  V read(byte[] bytes) {
    return codec.read(versions.read(name, packed ? Packing.unpack(bytes) : bytes));
  }

  /** A row's place, read back from its key. */
  record Place(String table, AccountId account, List<String> segments) {
    static Place of(Key key) {
      List<String> path = Segments.parse(key);
      return new Place(path.get(1), new AccountId(path.get(2)), path.subList(3, path.size()));
    }
  }

  /** The ranges of an account in all tables and indexes that hold any key now. */
  static List<KeyRange> rangesOf(AccountId account, Function<KeyRange, List<Key>> firstKey) {
    var found = new ArrayList<KeyRange>();
    for (String space : List.of(ROWS, INDEXES)) {
      int names = space.equals(ROWS) ? 2 : 3;
      KeyRange rest = Segments.under(List.of(space));
      List<Key> first = firstKey.apply(rest);
      while (!first.isEmpty()) {
        List<String> prefix = Segments.parsePrefix(first.getFirst(), names);
        var mine = new ArrayList<>(prefix);
        mine.add(account.digits());
        found.add(Segments.under(mine));
        rest = new KeyRange(Segments.after(prefix), rest.to());
        first = firstKey.apply(rest);
      }
    }
    return found;
  }
}
