// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The members of an object, in their order, which nobody can change: they need no copy. */
final class Members extends AbstractMap<String, JsonValue> {
  private final Map<String, JsonValue> own;

  private Members(Map<String, JsonValue> own) {
    this.own = own;
  }

  /** These members, unless they are such already in a copy. */
  static Members of(Map<String, JsonValue> members) {
    return members instanceof Members fixed ? fixed : new Members(new LinkedHashMap<>(members));
  }

  /** The members of an ordered map that its maker lets go of. */
  static Members over(Map<String, JsonValue> members) {
    return new Members(members);
  }

  @Override
  public @Nullable JsonValue get(@Nullable Object name) {
    return own.get(name);
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return own.containsKey(name);
  }

  @Override
  public int size() {
    return own.size();
  }

  @Override
  public void forEach(BiConsumer<? super String, ? super JsonValue> action) {
    own.forEach(action);
  }

  @Override
  public Set<Entry<String, JsonValue>> entrySet() {
    return Collections.unmodifiableMap(own).entrySet();
  }
}
