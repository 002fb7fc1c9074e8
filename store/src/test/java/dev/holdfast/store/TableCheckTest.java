// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.AccountId;
import dev.holdfast.store.memory.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableCheckTest {
  private static final AccountId ACCOUNT = new AccountId("111122223333");

  private record Ship(String name, String port) {}

  private static final Table<String, Ship> SHIPS =
      Table.<String, Ship>of("ships", Ship.class, List::of)
          .index("port", ship -> List.of(List.of(ship.port())));

  private final Store store = new MemoryStore();
  private final Database database = new Database(store);

  TableCheckTest() {
    for (int i = 0; i < 1200; i++) {
      put("s" + i, "home");
    }
  }

  private void put(String name, String port) {
    database.transact(
        tx -> {
          tx.put(SHIPS, ACCOUNT, name, new Ship(name, port));
          return name;
        });
  }

  private List<TableCheck.Flaw> flaws() {
    var flaws = new ArrayList<TableCheck.Flaw>();
    assertThat(new TableCheck(List.of(SHIPS)).check(store, flaws::add)).isGreaterThan(1000);
    return flaws;
  }

  private static Key entry(String port, String row) {
    return SHIPS.indexKeys(ACCOUNT, List.of(row), new Ship(row, port)).iterator().next();
  }

  @Test
  void findsNothingWhereNothingIsWrong() {
    assertThat(flaws()).isEmpty();
  }

  @Test
  void findsAndMendsIndexEntriesThatDisagreeWithTheirRows() {
    store.commit(Commit.delete(entry("home", "s7")));
    store.commit(Commit.put(entry("elsewhere", "s8"), new byte[0]));
    store.commit(Commit.put(entry("home", "nobody"), new byte[0]));

    List<TableCheck.Flaw> flaws = flaws();

    assertThat(flaws)
        .extracting(TableCheck.Flaw::what)
        .containsExactlyInAnyOrder(
            "is not in its index", "is no longer what the row says", "leads to no row");
    assertThat(TableCheck.mend(store, flaws)).isEqualTo(3);
    assertThat(flaws()).isEmpty();
  }

  @Test
  void findsAnEntryTooManyThoughAnotherIsMissing() {
    store.commit(Commit.delete(entry("home", "s7")));
    store.commit(Commit.put(entry("elsewhere", "s7"), new byte[0]));

    assertThat(flaws())
        .extracting(TableCheck.Flaw::what)
        .containsExactlyInAnyOrder("is not in its index", "is no longer what the row says");
  }

  @Test
  void findsRowsThatDoNotReadAndKeysOfNobody() {
    byte[] nonsense = "{\"name\":7}".getBytes(StandardCharsets.UTF_8);
    store.commit(Commit.put(SHIPS.rowKey(ACCOUNT, List.of("bad")), nonsense));
    store.commit(Commit.put(Segments.key(List.of("r", "boats", "111122223333", "x")), nonsense));
    store.commit(Commit.put(Key.of("x"), nonsense));

    assertThat(flaws())
        .extracting(flaw -> flaw.place() + " " + flaw.what())
        .anyMatch(text -> text.contains("table ships, row 111122223333/bad does not read"))
        .anyMatch(text -> text.contains("unknown table `boats`"))
        .anyMatch(text -> text.contains("no form that is ever written"))
        .hasSize(3);
  }
}
