// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.AccountId;
import dev.holdfast.store.memory.MemoryStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RowCacheTest {
  /** A row; {@code count} only grows. */
  record Counter(long count) {}

  private static final AccountId ACCOUNT = new AccountId("111122223333");
  private static final Table<String, Counter> LEFT = Table.of("left", Counter.class, List::of);
  private static final Table<String, Counter> RIGHT = Table.of("right", Counter.class, List::of);
  private static final int KEYS = 8;

  private static long count(View view, Table<String, Counter> table, String key) {
    Counter row = view.get(table, ACCOUNT, key);
    return row == null ? 0 : row.count();
  }

  /** Two rows change in one commit, or go in one: no view may ever see one without the other. */
  @Test
  @Timeout(60)
  void showsAViewOneStateWhileOthersCommit() throws Exception {
    try (var store = new MemoryStore()) {
      var database = new Database(store);
      var ended = new AtomicBoolean();
      var reads = new AtomicLong();
      try (var threads = Executors.newCachedThreadPool()) {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          int seed = i;
          all.add(threads.submit(() -> change(database, new Random(seed))));
        }
        List<Future<?>> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          int seed = i;
          readers.add(threads.submit(() -> look(database, new Random(seed), ended, reads)));
        }
        for (Future<?> writer : all) {
          writer.get();
        }
        ended.set(true);
        for (Future<?> reader : readers) {
          reader.get();
        }
      }
      assertThat(reads.get()).isPositive();
    }
  }

  private static void change(Database database, Random random) {
    for (int i = 0; i < 1_000; i++) {
      String key = "k" + random.nextInt(KEYS);
      boolean delete = random.nextInt(10) == 0;
      long made =
          database.transact(
              tx -> {
                long next = count(tx, LEFT, key) + 1;
                assertThat(count(tx, RIGHT, key)).isEqualTo(next - 1);
                if (delete) {
                  tx.delete(LEFT, ACCOUNT, key);
                  tx.delete(RIGHT, ACCOUNT, key);
                  return 0L;
                }
                tx.put(LEFT, ACCOUNT, key, new Counter(next));
                tx.put(RIGHT, ACCOUNT, key, new Counter(next));
                return next;
              });
      assertThat(made).isNotNegative();
    }
  }

  private static void look(
      Database database, Random random, AtomicBoolean ended, AtomicLong reads) {
    while (!ended.get()) {
      String key = "k" + random.nextInt(KEYS);
      database.read(
          view -> {
            long left = count(view, LEFT, key);
            assertThat(count(view, RIGHT, key)).isEqualTo(left);
            return left;
          });
      reads.incrementAndGet();
    }
  }

  /** What an index leads to is what the rows say, in every view, while the rows change. */
  @Test
  @Timeout(60)
  void keepsWhatAnIndexLedToOnlyWhileItIsTrue() throws Exception {
    try (var store = new MemoryStore();
        var threads = Executors.newCachedThreadPool()) {
      var database = new Database(store);
      var ended = new AtomicBoolean();
      List<Future<?>> writers = new ArrayList<>();
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int seed = i;
        writers.add(threads.submit(() -> move(database, new Random(seed))));
        readers.add(threads.submit(() -> compare(database, ended)));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
      ended.set(true);
      for (Future<?> reader : readers) {
        reader.get();
      }
    }
  }

  private static final Table<String, Counter> SORTED =
      Table.<String, Counter>of("sorted", Counter.class, List::of)
          .index("by-rest", row -> List.of(List.of("r" + row.count() % 3, "c" + row.count())));

  private static void move(Database database, Random random) {
    for (int i = 0; i < 500; i++) {
      String key = "k" + random.nextInt(KEYS);
      int count = random.nextInt(9);
      boolean _ =
          database.transact(
              tx -> {
                if (count == 0) {
                  tx.delete(SORTED, ACCOUNT, key);
                } else {
                  tx.put(SORTED, ACCOUNT, key, new Counter(count));
                }
                return true;
              });
    }
  }

  private static void compare(Database database, AtomicBoolean ended) {
    while (!ended.get()) {
      boolean _ =
          database.read(
              view -> {
                List<Counter> rows = view.list(SORTED, ACCOUNT);
                for (int rest = 0; rest < 3; rest++) {
                  int wanted = rest;
                  assertThat(view.byIndex(SORTED, ACCOUNT, "by-rest", "r" + rest))
                      .containsExactlyInAnyOrderElementsOf(
                          rows.stream().filter(row -> row.count() % 3 == wanted).toList());
                }
                assertThat(view.byIndex(SORTED, ACCOUNT, "by-rest", "r1", "c4"))
                    .containsExactlyInAnyOrderElementsOf(
                        rows.stream().filter(row -> row.count() == 4).toList());
                assertThat(view.byIndex(SORTED, ACCOUNT, "by-rest"))
                    .containsExactlyInAnyOrderElementsOf(rows);
                return true;
              });
    }
  }

  @Test
  void showsACommitToTheVeryNextReader() {
    try (var store = new MemoryStore()) {
      var database = new Database(store);
      for (long i = 1; i <= 1_000; i++) {
        long next = i;
        database.transact(
            tx -> {
              tx.put(LEFT, ACCOUNT, "k", new Counter(next));
              return next;
            });
        assertThat(database.<Long>read(view -> count(view, LEFT, "k"))).isEqualTo(next);
      }
    }
  }

  @Test
  void showsAnOlderViewWhatItHad() {
    try (var store = new MemoryStore()) {
      var database = new Database(store);
      long seen =
          database.read(
              view -> {
                database.transact(
                    tx -> {
                      tx.put(LEFT, ACCOUNT, "k", new Counter(7));
                      return 7L;
                    });
                // A newer view brings the row into the cache.
                assertThat(database.<Long>read(newer -> count(newer, LEFT, "k"))).isEqualTo(7);
                return count(view, LEFT, "k");
              });
      assertThat(seen).isZero();
    }
  }

  @Test
  void keepsNothingThatACommitTouchedAfterTheReadersState() {
    var cache = new RowCache(1 << 20);
    Key key = LEFT.rowKey(ACCOUNT, List.of("k"));
    var entry = new Entry(key, new byte[] {1}, new Revision(3));
    cache.keep(LEFT, key, entry, new Counter(1), new Revision(5));
    assertThat(cache.find(LEFT, key, new Revision(3))).isNotNull();
    assertThat(cache.find(LEFT, key, new Revision(2))).isNull();
    cache.begin(List.of(key));
    assertThat(cache.find(LEFT, key, new Revision(5))).isNull();
    cache.keep(LEFT, key, entry, new Counter(1), new Revision(5));
    assertThat(cache.find(LEFT, key, new Revision(5))).isNull();
    cache.end(List.of(key), new Revision(6));
    cache.keep(LEFT, key, entry, new Counter(1), new Revision(5));
    assertThat(cache.find(LEFT, key, new Revision(6))).isNull();
    var newer = new Entry(key, new byte[] {2}, new Revision(6));
    cache.keep(LEFT, key, newer, new Counter(2), new Revision(6));
    assertThat(cache.find(LEFT, key, new Revision(6))).isNotNull();
    assertThat(cache.find(LEFT, key, new Revision(5))).isNull();
    assertThat(cache.find(RIGHT, key, new Revision(6))).isNull();
  }

  @Test
  void staysWithinItsSize() {
    var cache = new RowCache(100_000);
    for (int i = 0; i < 10_000; i++) {
      Key key = LEFT.rowKey(ACCOUNT, List.of("k" + i));
      cache.keep(
          LEFT,
          key,
          new Entry(key, new byte[100], new Revision(1)),
          new Counter(i),
          new Revision(1));
    }
    assertThat(cache.bytes()).isBetween(50_000L, 101_000L);
  }
}
