// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.store.Database;
import dev.holdfast.store.StoreFull;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.memory.MemoryStore;
import dev.holdfast.store.space.Urgency;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What is changed while the disk is full and the last of the reserve serves. */
final class StateTest {
  private record Note(String text) {}

  private static final Table<String, Note> NOTES = Table.of("notes", Note.class, List::of);

  /** As {@code Reserve} admits then. */
  private final State state =
      new State(
          new Database(new MemoryStore()),
          urgency -> {
            if (urgency != Urgency.VITAL) {
              throw new StoreFull("the disk is full");
            }
          });

  private static Function<Tx, Tx> put(String key) {
    return tx -> {
      tx.put(NOTES, Table.PLATFORM, key, new Note(key));
      return tx;
    };
  }

  private List<String> notes() {
    return state.read(view -> view.list(NOTES, Table.PLATFORM).stream().map(Note::text).toList());
  }

  @Test
  void anOwnWriteWaitsForSpaceUnlessItSaysThatItIsVital() {
    assertThatThrownBy(() -> state.own(put("chore"))).isInstanceOf(StoreFull.class);
    assertThatThrownBy(() -> state.own(Urgency.RECORD, put("read"))).isInstanceOf(StoreFull.class);
    assertThat(notes()).isEmpty();
    var _ = state.own(Urgency.VITAL, put("stop"));
    assertThat(notes()).containsExactly("stop");
  }
}
