// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.kit.Ids;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.space.Urgency;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How often this installation was restored from a backup. The keys of all tokens hang on it: what
 * was signed in an earlier epoch, or by another installation that came from the same backup, is
 * void, whatever the clocks say.
 *
 * @param nonce no two restores share it, even of one backup; empty before the first
 * @param backup the backup that was restored, or empty
 */
record Epoch(long number, String nonce, Instant at, String backup) {
  static final Table<String, Epoch> TABLE = Table.of("epoch", Epoch.class, List::of);

  private static final String KEY = "this";
  private static final Epoch FIRST = new Epoch(0, "", Instant.EPOCH, "");

  static Epoch of(State state) {
    Epoch known = state.read(view -> view.get(TABLE, Table.PLATFORM, KEY));
    return known == null ? FIRST : known;
  }

  /** Begins the next epoch. */
  static Epoch raise(State state, String backup, RandomGenerator random, Instant now) {
    String nonce = Ids.hex(random, 16);
    return state.own(
        Urgency.VITAL,
        tx -> {
          Epoch known = tx.get(TABLE, Table.PLATFORM, KEY);
          var next = new Epoch(known == null ? 1 : known.number() + 1, nonce, now, backup);
          tx.put(TABLE, Table.PLATFORM, KEY, next);
          return next;
        });
  }

  /** A name for the keys of a purpose that are good in this epoch alone. */
  String purpose(String purpose) {
    return number == 0 ? purpose : purpose + " of epoch " + nonce;
  }
}
