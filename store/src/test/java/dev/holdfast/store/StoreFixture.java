// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A fresh store for each test, and short words for what tests do with it. */
public abstract class StoreFixture {
  private @Nullable Store store;

  /** An empty store. */
  protected abstract Store open() throws Exception;

  /** Closes and opens again what {@link #open} made; the same store where nothing survives. */
  protected abstract Store reopen(Store store) throws Exception;

  final void use(Store other) {
    store = other;
  }

  @BeforeEach
  final void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  final void closeStore() {
    store().close();
  }

  final Store store() {
    return Objects.requireNonNull(store);
  }

  static Key key(String text) {
    return Key.of(text);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  final Revision put(String key, String value) {
    return store().commit(Commit.put(key(key), bytes(value)));
  }

  final @Nullable String get(String key) {
    try (Snapshot snapshot = store().read()) {
      return get(snapshot, key);
    }
  }

  static @Nullable String get(Snapshot snapshot, String key) {
    Entry entry = snapshot.get(key(key));
    return entry == null ? null : new String(entry.value(), StandardCharsets.UTF_8);
  }

  static Entry entry(Snapshot snapshot, String key) {
    return Objects.requireNonNull(snapshot.get(key(key)));
  }

  final List<String> keys(KeyRange range, int limit) {
    try (Snapshot snapshot = store().read()) {
      return snapshot.list(range, limit).stream()
          .map(e -> new String(e.key().bytes(), StandardCharsets.UTF_8))
          .toList();
    }
  }

  final Revision revision() {
    try (Snapshot snapshot = store().read()) {
      return snapshot.revision();
    }
  }

  final RangeState state(KeyRange range) {
    try (Snapshot snapshot = store().read()) {
      return snapshot.state(range);
    }
  }

  final Expect.Unchanged unchanged(KeyRange range) {
    try (Snapshot snapshot = store().read()) {
      return new Expect.Unchanged(range, snapshot.revision(), snapshot.state(range));
    }
  }
}
