// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was worked out lately and would come out the same again. When one half is full, the other,
 * which nobody has asked for since it was full itself, is forgotten: what is in use stays.
 */
public final class Memo<K, V> {

  /** What was asked for since the last turn, and what was before. */
  private record Halves<K, V>(ConcurrentHashMap<K, V> young, ConcurrentHashMap<K, V> old) {}

  private final int half;
  private volatile Halves<K, V> halves =
      new Halves<>(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());

  /** Remembers at most about {@code most} things. */
  public Memo(int most) {
    this.half = Math.max(1, most / 2);
  }

  public @Nullable V known(K key) {
    Halves<K, V> now = halves;
    V value = now.young.get(key);
    if (value == null) {
      value = now.old.get(key);
      if (value != null) {
        keep(key, value);
      }
    }
    return value;
  }

  public void keep(K key, V value) {
    Halves<K, V> now = halves;
    if (now.young.size() >= half) {
      now = turn();
    }
    now.young.put(key, value);
  }

  private synchronized Halves<K, V> turn() {
    Halves<K, V> now = halves;
    if (now.young.size() >= half) {
      now = new Halves<>(new ConcurrentHashMap<>(), now.young);
      halves = now;
    }
    return now;
  }

  /** What is known, or what {@code work} finds, which is known from then on. */
  public V get(K key, Function<K, V> work) {
    V value = known(key);
    if (value == null) {
      value = work.apply(key);
      keep(key, value);
    }
    return value;
  }

  /** As {@link #get}, where it may be that there is nothing: that is not remembered. */
  public Optional<V> find(K key, Function<K, Optional<V>> work) {
    V value = known(key);
    if (value != null) {
      return Optional.of(value);
    }
    Optional<V> found = work.apply(key);
    found.ifPresent(v -> keep(key, v));
    return found;
  }
}
