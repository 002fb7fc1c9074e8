// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A seeded history of commits and reads, run on a store and on a naive model side by side. */
final class RandomHistory {
  /** Closes and opens a store again. */
  interface Reopening {
    Store reopen(Store store) throws Exception;
  }

  private record Versioned(String value, long revision) {}

  private record Old(Snapshot snapshot, TreeMap<Key, Versioned> state, long revision) {}

  private final long seed;
  private final int steps;
  private final SplittableRandom random;
  private TreeMap<Key, Versioned> model = new TreeMap<>();
  private final List<Event> events = new ArrayList<>();
  private long revision;

  RandomHistory(long seed, int steps) {
    this.seed = seed;
    this.steps = steps;
    this.random = new SplittableRandom(seed);
  }

  Store run(Store first, Reopening reopening) throws Exception {
    Store store = first;
    var olds = new ArrayList<Old>();
    Watch watch = store.watch(KeyRange.ALL, Revision.NONE);
    var watched = new ArrayList<Event>();
    for (int step = 0; step < steps; step++) {
      int choice = random.nextInt(100);
      if (choice < 70) {
        commit(store, olds);
      } else if (choice < 80) {
        olds.add(new Old(store.read(), new TreeMap<>(model), revision));
      } else if (choice < 97) {
        try (Snapshot now = store.read()) {
          compare(new Old(now, model, revision));
        }
        watched.addAll(watch.next(java.time.Duration.ZERO));
      } else {
        watched.addAll(watch.next(java.time.Duration.ZERO));
        watch.close();
        olds.forEach(old -> old.snapshot().close());
        olds.clear();
        store = reopening.reopen(store);
        watch = store.watch(KeyRange.ALL, new Revision(revision));
      }
      if (!olds.isEmpty()) {
        compare(olds.get(random.nextInt(olds.size())));
      }
    }
    watched.addAll(watch.next(java.time.Duration.ZERO));
    watch.close();
    olds.forEach(old -> old.snapshot().close());
    assertThat(watched).as("watched events, seed %d", seed).isEqualTo(events);
    return store;
  }

  private Key key() {
    byte[] bytes = new byte[random.nextInt(1, 4)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextInt(4) * 85);
    }
    return Key.of(bytes);
  }

  private KeyRange range() {
    return switch (random.nextInt(4)) {
      case 0 -> KeyRange.prefix(key());
      case 1 -> new KeyRange(key(), null);
      case 2 -> KeyRange.of(key());
      default -> new KeyRange(key(), key());
    };
  }

  private void commit(Store store, List<Old> olds) {
    var expects = new ArrayList<Expect>();
    boolean holds = true;
    boolean touched = false;
    while (random.nextInt(3) == 0) {
      if (random.nextBoolean() || olds.isEmpty()) {
        Key key = key();
        long now = at(model, key);
        long expected = random.nextInt(3) > 0 ? now : Math.max(0, revision - random.nextInt(3));
        holds &= expected == now;
        expects.add(new Expect.Point(key, new Revision(expected)));
      } else {
        Old old = olds.get(random.nextInt(olds.size()));
        KeyRange range = range();
        holds &= rows(old.state(), range).equals(rows(model, range));
        touched |=
            events.stream()
                .anyMatch(
                    event ->
                        event.revision().number() > old.revision() && range.contains(event.key()));
        expects.add(
            new Expect.Unchanged(range, new Revision(old.revision()), old.snapshot().state(range)));
      }
    }
    Map<Key, byte[]> puts = new LinkedHashMap<>();
    Set<Key> deletes = new HashSet<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      Key key = key();
      if (random.nextInt(3) > 0 && !deletes.contains(key)) {
        puts.put(
            key, ("v" + random.nextInt(1000)).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      } else if (!puts.containsKey(key)) {
        deletes.add(key);
      }
    }
    var commit = new Commit(expects, puts, deletes);
    Revision made = null;
    try {
      made = store.commit(commit);
    } catch (ConflictException _) {
      // A key that came and went leaves the range as it was; an engine may still refuse.
      assertThat(holds && !touched).as("conflict, seed %d", seed).isFalse();
    }
    if (made != null) {
      assertThat(holds).as("no conflict, seed %d", seed).isTrue();
      apply(commit);
      assertThat(made.number()).isEqualTo(revision);
    }
  }

  private void apply(Commit commit) {
    if (commit.isReadOnly()) {
      return;
    }
    revision++;
    Revision made = new Revision(revision);
    model = new TreeMap<>(model);
    commit
        .puts()
        .forEach(
            (key, value) -> {
              model.put(key, new Versioned(text(value), revision));
              events.add(new Event(key, made, Event.Kind.PUT));
            });
    for (Key key : commit.deletes()) {
      if (model.remove(key) != null) {
        events.add(new Event(key, made, Event.Kind.DELETE));
      }
    }
  }

  private void compare(Old old) {
    Snapshot snapshot = old.snapshot();
    assertThat(snapshot.revision().number()).isEqualTo(old.revision());
    KeyRange range = range();
    int limit = random.nextInt(1, 12);
    Map<Key, Versioned> expected = rows(old.state(), range);
    var found = new LinkedHashMap<Key, Versioned>();
    for (Entry entry : snapshot.list(range, limit)) {
      found.put(entry.key(), new Versioned(text(entry.value()), entry.modRevision().number()));
    }
    var page = new LinkedHashMap<Key, Versioned>();
    expected.entrySet().stream().limit(limit).forEach(e -> page.put(e.getKey(), e.getValue()));
    assertThat(List.copyOf(found.entrySet())).isEqualTo(List.copyOf(page.entrySet()));
    var back = new ArrayList<Key>(expected.keySet());
    assertThat(snapshot.last(range, limit).stream().map(Entry::key).toList())
        .isEqualTo(back.reversed().stream().limit(limit).toList());
    long newest = expected.values().stream().mapToLong(Versioned::revision).max().orElse(0);
    assertThat(snapshot.state(range))
        .isEqualTo(new RangeState(expected.size(), new Revision(newest)));
    Key first = expected.isEmpty() ? null : expected.keySet().iterator().next();
    assertThat((Object) snapshot.first(range)).isEqualTo(first);
    Key key = key();
    Entry entry = snapshot.get(key);
    assertThat(entry == null ? 0 : entry.modRevision().number()).isEqualTo(at(old.state(), key));
  }

  private static long at(Map<Key, Versioned> state, Key key) {
    @Nullable Versioned versioned = state.get(key);
    return versioned == null ? 0 : versioned.revision();
  }

  private static Map<Key, Versioned> rows(Map<Key, Versioned> state, KeyRange range) {
    var rows = new TreeMap<Key, Versioned>();
    state.forEach(
        (key, value) -> {
          if (range.contains(key)) {
            rows.put(key, value);
          }
        });
    return rows;
  }

  private static String text(byte[] value) {
    return new String(value, java.nio.charset.StandardCharsets.UTF_8);
  }
}
