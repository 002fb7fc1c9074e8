// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Expectations and writes, all or nothing. A key that is both put and deleted is refused.
 *
 * @param expects checked in the state just before this commit
 * @param puts keys with their new values
 * @param deletes keys to remove; an absent one is no error
 */
public record Commit(List<Expect> expects, Map<Key, byte[]> puts, Set<Key> deletes) {
  public Commit {
    expects = List.copyOf(expects);
    puts = Collections.unmodifiableMap(new LinkedHashMap<>(puts));
    deletes = Collections.unmodifiableSet(new LinkedHashSet<>(deletes));
    if (!Collections.disjoint(puts.keySet(), deletes)) {
      throw new IllegalArgumentException("a key is both put and deleted");
    }
  }

  public static Commit put(Key key, byte[] value) {
    return new Commit(List.of(), Map.of(key, value), Set.of());
  }

  public static Commit delete(Key key) {
    return new Commit(List.of(), Map.of(), Set.of(key));
  }

  /** A copy with one more expectation. */
  public Commit expecting(Expect expect) {
    var more = new ArrayList<>(expects);
    more.add(expect);
    return new Commit(more, puts, deletes);
  }

  /** A copy with one more put. */
  public Commit andPut(Key key, byte[] value) {
    var more = new LinkedHashMap<>(puts);
    more.put(key, value);
    return new Commit(expects, more, deletes);
  }

  /** A copy with one more delete. */
  public Commit andDelete(Key key) {
    var more = new LinkedHashSet<>(deletes);
    more.add(key);
    return new Commit(expects, puts, more);
  }

  /** True where nothing is written. */
  public boolean isReadOnly() {
    return puts.isEmpty() && deletes.isEmpty();
  }
}
