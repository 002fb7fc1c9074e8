// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.store.memory.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RowVersionsTest {
  private static final AccountId ACCOUNT = new AccountId("123456789012");

  private record Before(String name, String size) {}

  private record After(String name, long bytes) {}

  private static final Table<String, Before> FIRST = Table.of("things", Before.class, List::of);

  private static final Table<String, After> SECOND =
      Table.<String, After>of("things", After.class, List::of)
          .index("bytes", thing -> List.of(List.of(Long.toString(thing.bytes()))))
          .next(row -> row.with("bytes", Long.parseLong(String.valueOf(row.string("size")))));

  @Test
  void readsRowsOfAllVersionsAndWritesTheNewest() {
    var database = new Database(new MemoryStore());
    database.transact(
        tx -> {
          tx.put(FIRST, ACCOUNT, "a", new Before("a", "7"));
          return ACCOUNT;
        });
    assertThat(database.<After>read(view -> view.list(SECOND, ACCOUNT).getFirst()))
        .isEqualTo(new After("a", 7));
    database.transact(
        tx -> {
          tx.put(SECOND, ACCOUNT, "a", new After("a", 8));
          return ACCOUNT;
        });
    assertThat(database.<After>read(view -> view.list(SECOND, ACCOUNT).getFirst()))
        .isEqualTo(new After("a", 8));
    assertThatThrownBy(() -> database.read(view -> view.list(FIRST, ACCOUNT)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a row of `things` has version 2, and versions up to 1 are known");
  }

  @Test
  void rowsOfTheFirstVersionCarryNoMark() {
    assertThat(new String(FIRST.write(new Before("a", "1")), StandardCharsets.UTF_8))
        .isEqualTo("{\"name\":\"a\",\"size\":\"1\"}");
    JsonObject marked = Json.parseObject(SECOND.write(new After("a", 1)));
    assertThat(marked.integer("@v")).isEqualTo(2);
  }
}
