// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.service.Call;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * That somebody keeps the root key apart from the backups, which hold none: since it was exported,
 * or since an operator said so.
 *
 * @param file where it was written, or empty where the operator keeps it already
 */
record Custody(Instant at, String file) {
  static final Table<String, Custody> TABLE = Table.of("root-key-custody", Custody.class, List::of);

  private static final String KEY = "latest";

  static Optional<Custody> of(State state) {
    return Optional.ofNullable(state.read(view -> view.get(TABLE, Table.PLATFORM, KEY)));
  }

  /** Notes that nobody keeps the key of now, with the audit event of the call that changed it. */
  static void forget(State state, Call call) {
    state.commit(
        call,
        tx -> {
          tx.delete(TABLE, Table.PLATFORM, KEY);
          return KEY;
        });
  }

  /** Keeps this, with the audit event of the call that brought it about. */
  void record(State state, Call call) {
    state.commit(
        call,
        tx -> {
          tx.put(TABLE, Table.PLATFORM, KEY, this);
          return this;
        });
  }
}
