// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.JournalEvent;
import dev.holdfast.service.State;
import dev.holdfast.store.Change;
import dev.holdfast.store.Database;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import dev.holdfast.store.memory.MemoryStore;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A picture that could not be read is made anew, and not taken for whole. */
final class FollowingTest {
  private final State state = new State(new Database(new MemoryStore()));
  private final Following following = new Following(state, List.of(EcsTables.JOURNAL_HEAD));
  private final Torn picture = new Torn();

  private static final class Torn implements Following.Picture {
    private boolean fails;
    private int begun;
    private int heard;

    private void look() {
      if (fails) {
        throw new StoreUnavailable("the store cannot read");
      }
    }

    @Override
    public void begin(View view) {
      look();
      begun++;
    }

    @Override
    public void hear(View view, Change change) {
      look();
      heard++;
    }
  }

  private void changes(String key) {
    Object _ =
        state.own(
            tx -> {
              tx.put(EcsTables.JOURNAL_HEAD, Table.PLATFORM, key, new JournalEvent.Head(1, 1));
              return key;
            });
  }

  private void fails() {
    picture.fails = true;
    assertThatThrownBy(() -> following.update(picture)).isInstanceOf(StoreUnavailable.class);
    picture.fails = false;
  }

  @Test
  void aBeginningThatFailedIsNone() {
    fails();
    following.update(picture);
    assertThat(picture.begun).isEqualTo(1);
    changes("a");
    following.update(picture);
    assertThat(picture.heard).isEqualTo(1);
    assertThat(picture.begun).isEqualTo(1);
  }

  @Test
  void changesThatWereNotTakenInAreNotForgotten() {
    following.update(picture);
    changes("a");
    fails();
    following.update(picture);
    assertThat(picture.begun).isEqualTo(2);
  }
}
