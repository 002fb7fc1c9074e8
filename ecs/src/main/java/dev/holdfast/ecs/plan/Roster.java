// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.plan.Placement.Candidate;
import dev.holdfast.ecs.plan.Placement.Outcome;
import dev.holdfast.ecs.plan.Placement.Wish;
import dev.holdfast.ecs.plan.PlacementRule.Strategy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The instances of a cluster in the order of their free memory, so that one of very many is chosen
 * without a look at them all. It decides as {@link Placement#place} does over the same instances.
 * No input and output; used by one thread at a time.
 */
public final class Roster {
  /** So many are drawn by chance before all are looked at. */
  private static final int DRAWS = 16;

  private final UnaryOperator<Candidate> look;
  private final Map<String, Candidate> all = new HashMap<>();

  /** By free memory, then by instance. */
  private final NavigableMap<Integer, NavigableMap<String, Candidate>> free = new TreeMap<>();

  /** In no order, to draw from. */
  private final List<String> lots = new ArrayList<>();

  private final Map<String, Integer> lot = new HashMap<>();

  /** What was there before the changes that are to be taken back, or null where none are. */
  private @Nullable Map<String, Optional<Candidate>> before;

  /**
   * An empty roster.
   *
   * @param look brings a candidate up to date at the moment of its choice
   */
  public Roster(UnaryOperator<Candidate> look) {
    this.look = look;
  }

  /** From now on changes are kept in mind. */
  public void mark() {
    before = new LinkedHashMap<>();
  }

  /** Takes back the changes since {@link #mark}. */
  public void restore() {
    Map<String, Optional<Candidate>> changed = before;
    before = null;
    if (changed != null) {
      changed.forEach((name, old) -> old.ifPresentOrElse(this::put, () -> remove(name)));
    }
  }

  private void remember(String instance) {
    if (before != null) {
      before.putIfAbsent(instance, Optional.ofNullable(all.get(instance)));
    }
  }

  /** Adds an instance, or takes another view of it. */
  public void put(Candidate candidate) {
    String name = candidate.instance();
    remember(name);
    Candidate old = all.put(name, candidate);
    if (old == null) {
      lot.put(name, lots.size());
      lots.add(name);
    } else {
      unlist(old);
    }
    free.computeIfAbsent(candidate.freeMemory(), _ -> new TreeMap<>()).put(name, candidate);
  }

  public void remove(String instance) {
    remember(instance);
    Candidate old = all.remove(instance);
    if (old != null) {
      unlist(old);
      Integer place = lot.remove(instance);
      String last = lots.removeLast();
      if (place != null && !last.equals(instance)) {
        lots.set(place, last);
        lot.put(last, place);
      }
    }
  }

  private void unlist(Candidate old) {
    NavigableMap<String, Candidate> same = free.get(old.freeMemory());
    if (same != null) {
      same.remove(old.instance());
      if (same.isEmpty()) {
        free.remove(old.freeMemory());
      }
    }
  }

  public int size() {
    return all.size();
  }

  /** All instances as they are now. */
  public List<Candidate> all() {
    return all.values().stream().map(look).toList();
  }

  /** An instance as it is now, or null. */
  public @Nullable Candidate get(String instance) {
    Candidate known = all.get(instance);
    return known == null ? null : look.apply(known);
  }

  /** Chooses an instance for a task, and books nothing. */
  public Outcome place(Wish wish, RandomGenerator random) {
    Candidate found = quick(wish, random);
    return found == null ? Placement.place(all(), wish, random) : Placement.placed(found, wish);
  }

  /** The instance where the order leads to it, or null where all must be looked at. */
  private @Nullable Candidate quick(Wish wish, RandomGenerator random) {
    if (wish.strategies().isEmpty()) {
      return first(free.descendingMap(), wish, _ -> true);
    }
    if (wish.strategies().size() > 1) {
      return null;
    }
    return switch (wish.strategies().getFirst()) {
      case Strategy.AtRandom() -> drawn(wish, random);
      case Strategy.Binpack(boolean memory) ->
          memory
              ? first(free.tailMap(wish.booking().needs().memory(), true), wish, _ -> true)
              : null;
      case Strategy.Spread spread ->
          spread.byInstance()
              ? first(free.descendingMap(), wish, c -> c.facts().of(wish.group()) == 0)
              : null;
    };
  }

  private @Nullable Candidate first(
      NavigableMap<Integer, NavigableMap<String, Candidate>> order,
      Wish wish,
      Predicate<Candidate> also) {
    int least = wish.booking().needs().memory();
    for (Map.Entry<Integer, NavigableMap<String, Candidate>> same : order.entrySet()) {
      if (same.getKey() < least) {
        return null;
      }
      for (Candidate candidate : same.getValue().descendingMap().values()) {
        Candidate now = look.apply(candidate);
        if (also.test(now) && Placement.fits(now, wish)) {
          return now;
        }
      }
    }
    return null;
  }

  private @Nullable Candidate drawn(Wish wish, RandomGenerator random) {
    for (int i = 0; i < DRAWS && !lots.isEmpty(); i++) {
      Candidate one = get(lots.get(random.nextInt(lots.size())));
      if (one != null && Placement.fits(one, wish)) {
        return one;
      }
    }
    return null;
  }
}
