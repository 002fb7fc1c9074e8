// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The keys from {@code from} (inclusive) to {@code to} (exclusive; null: to the end). */
public record KeyRange(Key from, @Nullable Key to) {
  public static final KeyRange ALL = new KeyRange(Key.FIRST, null);

  /** Exactly one key. */
  public static KeyRange of(Key key) {
    return new KeyRange(key, key.successor());
  }

  /** Each key that starts with {@code prefix}. */
  public static KeyRange prefix(Key prefix) {
    byte[] end = prefix.bytes();
    for (int i = end.length - 1; i >= 0; i--) {
      if (end[i] != (byte) 0xFF) {
        end[i]++;
        return new KeyRange(prefix, Key.of(Arrays.copyOf(end, i + 1)));
      }
    }
    return new KeyRange(prefix, null);
  }

  /** What of this range comes after a key. */
  public KeyRange after(Key key) {
    Key next = key.successor();
    return next.compareTo(from) > 0 ? new KeyRange(next, to) : this;
  }

  /** What of this range comes before a key. */
  public KeyRange before(Key key) {
    return to == null || key.compareTo(to) < 0 ? new KeyRange(from, key) : this;
  }

  public boolean contains(Key key) {
    return key.compareTo(from) >= 0 && (to == null || key.compareTo(to) < 0);
  }

  public boolean isEmpty() {
    return to != null && from.compareTo(to) >= 0;
  }
}
