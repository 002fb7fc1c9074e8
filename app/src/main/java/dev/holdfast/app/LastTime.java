// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The settled time, written down now and again: what the next start measures its clock against.
 *
 * @param at the settled time then
 */
record LastTime(Instant at) {
  static final Table<String, LastTime> TABLE = Table.of("clock", LastTime.class, List::of);

  static Optional<Instant> read(State state) {
    LastTime last = state.read(view -> view.get(TABLE, Table.PLATFORM, "this"));
    return Optional.ofNullable(last).map(LastTime::at);
  }

  static void write(State state, Instant now) {
    state.own(
        tx -> {
          tx.put(TABLE, Table.PLATFORM, "this", new LastTime(now));
          return now;
        });
  }
}
