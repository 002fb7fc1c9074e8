// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was worked out lately and would come out the same again. When it is full it begins anew:
 * what is in use is soon back.
 */
public final class Memo<K, V> {
  private final ConcurrentHashMap<K, V> known = new ConcurrentHashMap<>();
  private final int most;

  /** Remembers at most about {@code most} things. */
  public Memo(int most) {
    this.most = most;
  }

  public @Nullable V known(K key) {
    return known.get(key);
  }

  public void keep(K key, V value) {
    if (known.size() >= most) {
      known.clear();
    }
    known.put(key, value);
  }

  /** What is known, or what {@code work} finds, which is known from then on. */
  public V get(K key, Function<K, V> work) {
    V value = known.get(key);
    if (value == null) {
      value = work.apply(key);
      keep(key, value);
    }
    return value;
  }

  /** As {@link #get}, where it may be that there is nothing: that is not remembered. */
  public Optional<V> find(K key, Function<K, Optional<V>> work) {
    V value = known.get(key);
    if (value != null) {
      return Optional.of(value);
    }
    Optional<V> found = work.apply(key);
    found.ifPresent(v -> keep(key, v));
    return found;
  }
}
