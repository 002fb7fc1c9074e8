// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.AccountId;
import dev.holdfast.store.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class DatabaseTest {
  record PetKey(String region, String name) {}

  record Pet(String region, String name, int age, List<String> tags) {
    PetKey key() {
      return new PetKey(region, name);
    }
  }

  private static final AccountId ONE = new AccountId("111111111111");
  private static final AccountId TWO = new AccountId("222222222222");

  private static final Table<PetKey, Pet> PETS =
      Table.of("pets", Pet.class, (PetKey key) -> List.of(key.region(), key.name()))
          .index("byTag", pet -> pet.tags().stream().map(List::of).toList());

  private static final Table<String, Pet> COUNTS =
      Table.of("counts", Pet.class, (String name) -> List.of(name));

  private final Database db = new Database(new MemoryStore());

  private static Pet pet(String region, String name, String... tags) {
    return new Pet(region, name, 1, List.of(tags));
  }

  private void put(AccountId account, Pet... pets) {
    db.transact(
        tx -> {
          for (Pet pet : pets) {
            tx.put(PETS, account, pet.key(), pet);
          }
          return true;
        });
  }

  private static List<String> names(List<Pet> pets) {
    return pets.stream().map(Pet::name).toList();
  }

  @Test
  void keepsAccountsApart() {
    put(ONE, pet("eu", "rex"), pet("us", "tom"));
    put(TWO, pet("eu", "ada"));
    assertThat(db.<List<Pet>>read(v -> v.list(PETS, ONE)))
        .extracting(Pet::name)
        .containsExactly("rex", "tom");
    assertThat(db.<List<Pet>>read(v -> v.list(PETS, TWO)))
        .extracting(Pet::name)
        .containsExactly("ada");
    assertThat(db.<List<Pet>>read(v -> v.all(PETS)))
        .extracting(Pet::name)
        .containsExactly("rex", "tom", "ada");
    Pet other = db.read(v -> v.get(PETS, TWO, new PetKey("eu", "rex")));
    assertThat(other).isNull();
  }

  @Test
  void listsByPrefixSegmentsAndPages() {
    put(ONE, pet("eu", "a"), pet("eu", "b"), pet("eu", "c"), pet("eu\0x", "d"), pet("eux", "e"));
    db.read(
        v -> {
          assertThat(names(v.list(PETS, ONE, "eu"))).containsExactly("a", "b", "c");
          assertThat(names(v.list(PETS, ONE, "e"))).isEmpty();
          assertThat(names(v.list(PETS, ONE, List.of("eu"), null, 2))).containsExactly("a", "b");
          assertThat(names(v.list(PETS, ONE, List.of("eu"), new PetKey("eu", "b"), 2)))
              .containsExactly("c");
          assertThat(names(v.list(PETS, ONE, List.of("eu"), new PetKey("eu", "bb"), 2)))
              .containsExactly("c");
          assertThat(names(v.listBackwards(PETS, ONE, List.of("eu"), null, 2)))
              .containsExactly("c", "b");
          assertThat(names(v.listBackwards(PETS, ONE, List.of("eu"), new PetKey("eu", "b"), 2)))
              .containsExactly("a");
          assertThat(names(v.listBackwards(PETS, ONE, List.of("eu"), new PetKey("eu", "bb"), 1)))
              .containsExactly("b");
          assertThat(v.isEmpty(PETS, ONE, "eu")).isFalse();
          assertThat(v.isEmpty(PETS, ONE, "ap")).isTrue();
          return true;
        });
  }

  @Test
  void keepsIndexesWithTheirRows() {
    put(ONE, pet("eu", "rex", "dog", "big"), pet("eu", "tom", "cat"), pet("us", "ada", "dog"));
    assertThat(db.<List<Pet>>read(v -> v.byIndex(PETS, ONE, "byTag", "dog")))
        .extracting(Pet::name)
        .containsExactly("rex", "ada");
    put(ONE, pet("eu", "rex", "old"));
    assertThat(db.<List<Pet>>read(v -> v.byIndex(PETS, ONE, "byTag", "dog")))
        .extracting(Pet::name)
        .containsExactly("ada");
    assertThat(db.<List<Pet>>read(v -> v.byIndex(PETS, ONE, "byTag")))
        .extracting(Pet::name)
        .containsExactly("tom", "ada", "rex");
    db.transact(
        tx -> {
          tx.delete(PETS, ONE, new PetKey("us", "ada"));
          return true;
        });
    assertThat(db.<List<Pet>>read(v -> v.byIndex(PETS, ONE, "byTag", "dog"))).isEmpty();
    assertThat(db.<List<Pet>>read(v -> v.byIndex(PETS, TWO, "byTag", "old"))).isEmpty();
    assertThatThrownBy(() -> db.read(v -> v.byIndex(PETS, ONE, "byName", "rex")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tellsWhatAnIndexHasWithoutTheRows() {
    put(ONE, pet("eu", "rex", "cat", "old"), pet("us", "a\0b", "dog"), pet("us", "tom", "big"));
    put(TWO, pet("eu", "ada", "dog"));
    assertThat(
            db.<List<View.IndexEntry<List<String>>>>read(
                v -> v.entries(PETS, ONE, "byTag", List.of("cat"), List.of("dog"))))
        .containsExactly(
            new View.IndexEntry<>(List.of("cat"), List.of("eu", "rex")),
            new View.IndexEntry<>(List.of("dog"), List.of("us", "a\0b")));
    assertThat(
            db.<List<View.IndexEntry<List<String>>>>read(
                v -> v.entries(PETS, ONE, "byTag", List.of("dog"), List.of("cat"))))
        .isEmpty();
  }

  @Test
  void showsATransactionItsOwnWrites() {
    put(ONE, pet("eu", "a"), pet("eu", "b", "x"), pet("eu", "c"));
    db.transact(
        tx -> {
          tx.delete(PETS, ONE, new PetKey("eu", "a"));
          tx.put(PETS, ONE, new PetKey("eu", "bb"), pet("eu", "bb", "x"));
          assertThat(tx.get(PETS, ONE, new PetKey("eu", "a"))).isNull();
          assertThat(names(tx.list(PETS, ONE))).containsExactly("b", "bb", "c");
          assertThat(names(tx.list(PETS, ONE, List.of(), null, 2))).containsExactly("b", "bb");
          assertThat(names(tx.listBackwards(PETS, ONE, List.of(), null, 2)))
              .containsExactly("c", "bb");
          assertThat(names(tx.listBackwards(PETS, ONE, List.of(), new PetKey("eu", "bb"), 9)))
              .containsExactly("b");
          assertThat(names(tx.byIndex(PETS, ONE, "byTag", "x"))).containsExactly("b", "bb");
          assertThat(tx.entries(PETS, ONE, "byTag", List.of("x"), List.of("x")))
              .extracting(View.IndexEntry::row)
              .containsExactly(List.of("eu", "b"), List.of("eu", "bb"));
          return true;
        });
  }

  @Test
  void writesNothingWhereTheFunctionThrows() {
    assertThatThrownBy(
            () ->
                db.transact(
                    tx -> {
                      tx.put(PETS, ONE, new PetKey("eu", "a"), pet("eu", "a"));
                      throw new IllegalStateException("no");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(db.<Boolean>read(v -> v.isEmpty(PETS, ONE))).isTrue();
  }

  @Test
  void runsAgainWhenAPointItReadHasChanged() {
    var runs = new AtomicInteger();
    put(ONE, pet("eu", "a"));
    db.transact(
        tx -> {
          Pet seen = Objects.requireNonNull(tx.get(PETS, ONE, new PetKey("eu", "a")));
          if (runs.incrementAndGet() == 1) {
            put(ONE, new Pet("eu", "a", 41, List.of()));
          }
          tx.put(PETS, ONE, new PetKey("eu", "a"), new Pet("eu", "a", seen.age() + 1, List.of()));
          return true;
        });
    assertThat(runs).hasValue(2);
    assertThat(db.<List<Pet>>read(v -> v.all(PETS))).extracting(Pet::age).containsExactly(42);
  }

  @Test
  void runsAgainWhenARangeItReadHasChanged() {
    var runs = new AtomicInteger();
    int seen =
        db.transact(
            tx -> {
              int count = tx.list(PETS, ONE, "eu").size();
              if (runs.incrementAndGet() == 1) {
                put(ONE, pet("us", "elsewhere"), pet("eu", "intruder"));
              }
              tx.put(COUNTS, ONE, "eu", pet("eu", "count"));
              return count;
            });
    assertThat(runs).hasValue(2);
    assertThat(seen).isEqualTo(1);
  }

  @Test
  void doesNotRunAgainForChangesItDidNotRead() {
    var runs = new AtomicInteger();
    db.transact(
        tx -> {
          tx.list(PETS, ONE, List.of("eu"), null, 1);
          runs.incrementAndGet();
          put(ONE, pet("us", "elsewhere"));
          put(TWO, pet("eu", "other"));
          tx.put(COUNTS, ONE, "eu", pet("eu", "count"));
          return true;
        });
    assertThat(runs).hasValue(1);
  }

  @Test
  void keepsToWhatItReadBackwards() {
    put(ONE, pet("eu", "a"), pet("eu", "b"), pet("eu", "c"));
    var runs = new AtomicInteger();
    List<String> seen =
        db.transact(
            tx -> {
              List<String> last = names(tx.listBackwards(PETS, ONE, List.of("eu"), null, 1));
              if (runs.incrementAndGet() == 1) {
                put(ONE, pet("eu", "aa")); // below what was read
              }
              tx.put(COUNTS, ONE, "eu", pet("eu", "count"));
              return last;
            });
    assertThat(runs).hasValue(1);
    assertThat(seen).containsExactly("c");
    seen =
        db.transact(
            tx -> {
              List<String> last = names(tx.listBackwards(PETS, ONE, List.of("eu"), null, 1));
              if (runs.incrementAndGet() == 2) {
                put(ONE, pet("eu", "d"));
              }
              tx.put(COUNTS, ONE, "eu", pet("eu", "count"));
              return last;
            });
    assertThat(runs).hasValue(3);
    assertThat(seen).containsExactly("d");
  }

  @Test
  void givesEachOfManyWritersItsTurn() throws Exception {
    var threads = new ArrayList<Thread>();
    for (int t = 0; t < 40; t++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < 20; i++) {
                      db.transact(
                          tx -> {
                            Pet old = tx.get(COUNTS, ONE, "n");
                            int age = old == null ? 0 : old.age();
                            tx.put(COUNTS, ONE, "n", new Pet("", "n", age + 1, List.of()));
                            return true;
                          });
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(db.<List<Pet>>read(v -> v.all(COUNTS))).extracting(Pet::age).containsExactly(800);
  }

  @Test
  void deletesAnAccountFromAllTablesAndIndexes() {
    put(ONE, pet("eu", "rex", "dog"), pet("us", "tom", "dog"));
    put(TWO, pet("eu", "ada", "dog"));
    db.transact(
        tx -> {
          tx.put(COUNTS, ONE, "a", pet("", "a"));
          tx.put(COUNTS, TWO, "b", pet("", "b"));
          return true;
        });
    db.transact(
        tx -> {
          tx.put(PETS, ONE, new PetKey("eu", "own"), pet("eu", "own", "dog"));
          tx.deleteAccount(ONE);
          return true;
        });
    db.read(
        v -> {
          assertThat(names(v.all(PETS))).containsExactly("ada");
          assertThat(names(v.all(COUNTS))).containsExactly("b");
          assertThat(v.byIndex(PETS, ONE, "byTag")).isEmpty();
          assertThat(names(v.byIndex(PETS, TWO, "byTag", "dog"))).containsExactly("ada");
          return true;
        });
  }

  @Test
  void tellsControllersWhichRowsChanged() {
    Revision start = db.read(View::revision);
    try (Changes changes = db.watch(List.of(PETS, COUNTS), start)) {
      put(TWO, pet("eu", "re\0x", "dog"));
      List<Change> seen = changes.next(Duration.ofSeconds(10));
      assertThat(seen)
          .containsExactly(
              new Change("pets", TWO, List.of("eu", "re\0x"), new Revision(1), Event.Kind.PUT));
      Pet row = db.read(v -> v.row(PETS, TWO, seen.getFirst().key()));
      assertThat(row).isEqualTo(pet("eu", "re\0x", "dog"));
      Committed<Boolean> committed =
          db.transactAt(
              tx -> {
                tx.delete(PETS, TWO, new PetKey("eu", "re\0x"));
                return true;
              });
      assertThat(changes.next(Duration.ofSeconds(10)))
          .containsExactly(
              new Change(
                  "pets", TWO, List.of("eu", "re\0x"), committed.revision(), Event.Kind.DELETE));
    }
  }

  @Test
  void ordersKeysAsTheirSegmentsAndKeepsThemApart() {
    var random = new SplittableRandom(7);
    String[] parts = {"", "\0", "\u0001", "a", "aa", "\u00ff", "\ud83d\ude00", "\uffff", "a\0b"};
    for (int i = 0; i < 20_000; i++) {
      List<String> left = segments(random, parts);
      List<String> right = segments(random, parts);
      Key leftKey = Segments.key(left);
      Key rightKey = Segments.key(right);
      assertThat(Segments.parse(leftKey)).isEqualTo(left);
      assertThat(Integer.signum(leftKey.compareTo(rightKey))).isEqualTo(order(left, right));
      assertThat(Segments.under(left).contains(rightKey))
          .isEqualTo(right.size() >= left.size() && right.subList(0, left.size()).equals(left));
      assertThat(Segments.parseRow(Segments.indexKey(left, right))).isEqualTo(right);
    }
    assertThatThrownBy(() -> Segments.key(List.of("\ud83d")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<String> segments(SplittableRandom random, String[] parts) {
    var segments = new ArrayList<String>();
    for (int i = random.nextInt(4); i > 0; i--) {
      segments.add(parts[random.nextInt(parts.length)] + parts[random.nextInt(parts.length)]);
    }
    return segments;
  }

  private static int order(List<String> left, List<String> right) {
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      int[] a = left.get(i).codePoints().toArray();
      int[] b = right.get(i).codePoints().toArray();
      int order = java.util.Arrays.compare(a, b);
      if (order != 0) {
        return Integer.signum(order);
      }
    }
    return Integer.signum(left.size() - right.size());
  }
}
