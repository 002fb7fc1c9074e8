// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.service.State;
import dev.holdfast.store.Change;
import dev.holdfast.store.Changes;
import dev.holdfast.store.CompactedException;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells a picture in memory what has changed in some tables since it was told last. Used by one
 * thread at a time: under the lock of the picture.
 */
final class Following implements AutoCloseable {
  /** What is kept up to date. */
  interface Picture {
    /** Begins anew with everything that there is. */
    void begin(View view);

    /** Takes in one row that changed; it may have changed again since. */
    void hear(View view, Change change);
  }

  private final State state;
  private final List<Table<?, ?>> tables;
  private @Nullable Changes changes;

  Following(State state, List<Table<?, ?>> tables) {
    this.state = state;
    this.tables = tables;
  }

  /** Brings a picture up to date with all that was committed before this call. */
  void update(Picture picture) {
    boolean whole = false;
    try {
      try {
        Changes open = changes;
        if (open == null) {
          begin(picture);
        } else {
          hear(picture, open.next(Duration.ZERO));
        }
      } catch (CompactedException _) {
        close();
        begin(picture);
      }
      whole = true;
    } finally {
      if (!whole) {
        close(); // half a picture is none: the next one begins anew
      }
    }
  }

  private void begin(Picture picture) {
    changes = state.watch(tables, state.read(View::revision));
    state.read(
        view -> {
          picture.begin(view);
          return view;
        });
  }

  private void hear(Picture picture, List<Change> heard) {
    if (heard.isEmpty()) {
      return;
    }
    var seen = new HashSet<List<Object>>();
    state.read(
        view -> {
          for (Change change : heard) {
            if (seen.add(List.of(change.table(), change.account(), change.key()))) {
              picture.hear(view, change);
            }
          }
          return seen;
        });
  }

  @Override
  public void close() {
    if (changes != null) {
      changes.close();
      changes = null;
    }
  }
}
